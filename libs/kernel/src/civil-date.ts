import { DaybookError } from './errors.js';

/**
 * A day on the wall calendar, `YYYY-MM-DD`, in the proleptic Gregorian calendar from 0001-01-01 to 9999-12-31. It has
 * no zone and no time, sorts as text, and is never converted through an instant. All arithmetic counts whole days.
 */
export type CivilDate = string & { readonly __brand: 'CivilDate' };

/** `YYYY-MM`. */
export type CivilMonth = string & { readonly __brand: 'CivilMonth' };

export interface YearMonthDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_PER_ERA = 146_097;
const YEARS_PER_ERA = 400;
const DAYS_FROM_ERA_START_TO_1970 = 719_468;

export function isCivilDate(text: string): text is CivilDate {
  const [, year, month, day] = SHAPE.exec(text) ?? [];
  return isDay(Number(year), Number(month), Number(day));
}

export function parseCivilDate(text: string): CivilDate {
  if (isCivilDate(text)) return text;
  throw new DaybookError('VALIDATION_FAILED', 'A date is written YYYY-MM-DD and is a day of the calendar.');
}

export function civilDate(year: number, month: number, day: number): CivilDate {
  if (!isDay(year, month, day)) throw new DaybookError('DATE_OUT_OF_RANGE', 'There is no such day in the calendar.');
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}` as CivilDate;
}

export function partsOf(date: CivilDate): YearMonthDay {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

/** Days since 1970-01-01; negative before. */
export function toEpochDay(date: CivilDate): number {
  const { year, month, day } = partsOf(date);
  // Years start in March, so that the leap day is the last day of its year.
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / YEARS_PER_ERA);
  const yearOfEra = marchYear - era * YEARS_PER_ERA;
  const dayOfYear = daysBeforeMarchMonth((month + 9) % 12) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_ERA_START_TO_1970;
}

export function fromEpochDay(epochDay: number): CivilDate {
  const shifted = epochDay + DAYS_FROM_ERA_START_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = era * YEARS_PER_ERA + yearOfEra + (month <= 2 ? 1 : 0);
  return civilDate(year, month, dayOfYear - daysBeforeMarchMonth(marchMonth) + 1);
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return fromEpochDay(toEpochDay(date) + days);
}

/** Days from the first to the second: 0 for the same day, negative when the second is earlier. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Negative, zero or positive, as Array.sort wants it. */
export function compareDates(left: CivilDate, right: CivilDate): number {
  return left < right ? -1 : Number(left > right);
}

export function monthOf(date: CivilDate): CivilMonth {
  return date.slice(0, 7) as CivilMonth;
}

/** 1 = Monday to 7 = Sunday (ISO 8601). */
export function weekdayOf(date: CivilDate): number {
  // 1970-01-01 was a Thursday.
  return ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;
}

/** Days before a month counted from March (0) to February (11): 31 30 31 30 31, twice and a half. */
function daysBeforeMarchMonth(marchMonth: number): number {
  return Math.floor((153 * marchMonth + 2) / 5);
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9_999 && day >= 1 && day <= daysInMonth(year, month);
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
