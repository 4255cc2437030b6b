import { addDays, daysBetween, periodContaining, type CivilDate } from '@daybook/kernel';

/** A start day and the first day it counts from; the first one begins on the day the budget starts. */
export type CalendarEntry = { from: CivilDate; startDay: number };
/** Never empty, in the order of `from`. */
export type BudgetCalendar = readonly CalendarEntry[];

/** The days a family's money is divided over: from `start` to the day before `nextStart`. */
export interface BudgetPeriod {
  /** First day; also the period's key. */
  readonly start: CivilDate;
  readonly nextStart: CivilDate;
  readonly lastDay: CivilDate;
  readonly days: number;
  /** The days it would have had without a change of the start day: more than `days` in a stub (rule R26). */
  readonly fullDays: number;
}

/** The period a day belongs to; undefined before the budget starts. */
export function periodOf(calendar: BudgetCalendar, date: CivilDate): BudgetPeriod | undefined {
  const index = calendar.findLastIndex(({ from }) => from <= date);
  const entry = calendar[index];
  if (entry === undefined) return undefined;
  const regular = periodContaining(date, entry.startDay);
  const start = regular.start < entry.from ? entry.from : regular.start;
  const changed = calendar[index + 1]?.from;
  const nextStart = changed !== undefined && changed < regular.nextStart ? changed : regular.nextStart;
  if (start === regular.start && nextStart === regular.nextStart) return { ...regular, fullDays: regular.days };
  const days = daysBetween(start, nextStart);
  const isStub = index > 0 && start !== regular.start;
  return { start, nextStart, lastDay: addDays(nextStart, -1), days, fullDays: isStub ? fullDays(calendar, index) : days };
}

/** All periods from the one that holds the first day to the one that holds the last. */
export function periodsBetween(calendar: BudgetCalendar, first: CivilDate, last: CivilDate): BudgetPeriod[] {
  const periods: BudgetPeriod[] = [];
  for (let period = periodOf(calendar, first); period !== undefined && period.start <= last; ) {
    periods.push(period);
    period = periodOf(calendar, period.nextStart);
  }
  return periods;
}

/** The calendar with another start day from the next start on, which the running period is left to reach. */
export function withStartDay(calendar: BudgetCalendar, { from, startDay }: CalendarEntry): BudgetCalendar {
  const before = calendar.filter((entry) => entry.from < from);
  return before.at(-1)?.startDay === startDay ? before : [...before, { from, startDay }];
}

/** What the old start day would have made of the period that the change cut short. */
function fullDays(calendar: BudgetCalendar, index: number): number {
  const [before, entry] = [calendar[index - 1], calendar[index]];
  if (before === undefined || entry === undefined) return 0;
  const period = periodContaining(entry.from, before.startDay);
  return daysBetween(entry.from, period.nextStart);
}
