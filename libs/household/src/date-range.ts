import { civilDate, daysInMonth, partsOf, type CivilDate } from '@daybook/kernel';

const YEARS_AHEAD = 2;

/** The same day in another year; 29 February becomes the 28th where there is none. */
export function yearsFrom(date: CivilDate, years: number): CivilDate {
  const { year, month, day } = partsOf(date);
  return civilDate(year + years, month, Math.min(day, daysInMonth(year + years, month)));
}

/** The last day anything may be dated or planned for (rule R2). */
export function lastAcceptedDate(today: CivilDate): CivilDate {
  return yearsFrom(today, YEARS_AHEAD);
}
