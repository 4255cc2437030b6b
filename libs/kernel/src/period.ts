import { addDays, civilDate, daysBetween, daysInMonth, partsOf, type CivilDate } from './civil-date.js';
import { invariant } from './assert.js';

/**
 * A regular budget period (rule R3): from its start to the day before the next start. A start day that a month does
 * not have becomes that month's last day. Stub periods after a change of the start day are the plan's business.
 */
export interface Period {
  /** First day; also the period's key. */
  readonly start: CivilDate;
  /** First day of the next period. */
  readonly nextStart: CivilDate;
  readonly lastDay: CivilDate;
  readonly days: number;
}

/** The start that falls into the month, for a start day from 1 to 31. */
export function periodStartIn(year: number, month: number, startDay: number): CivilDate {
  invariant(Number.isInteger(startDay) && startDay >= 1 && startDay <= 31, 'a start day is between 1 and 31');
  return civilDate(year, month, Math.min(startDay, daysInMonth(year, month)));
}

export function periodContaining(date: CivilDate, startDay: number): Period {
  const { year, month } = partsOf(date);
  const startThisMonth = periodStartIn(year, month, startDay);
  if (date < startThisMonth) return period(startInMonthBeside(date, -1, startDay), startThisMonth);
  return period(startThisMonth, startInMonthBeside(date, 1, startDay));
}

/** The first regular start after the day. */
export function nextPeriodStart(date: CivilDate, startDay: number): CivilDate {
  return periodContaining(date, startDay).nextStart;
}

function period(start: CivilDate, nextStart: CivilDate): Period {
  return { start, nextStart, lastDay: addDays(nextStart, -1), days: daysBetween(start, nextStart) };
}

function startInMonthBeside(date: CivilDate, step: 1 | -1, startDay: number): CivilDate {
  const { year, month } = partsOf(date);
  const monthIndex = year * 12 + (month - 1) + step;
  return periodStartIn(Math.floor(monthIndex / 12), (monthIndex % 12) + 1, startDay);
}
