import { civilDate, civilDateIn, daysInMonth, parseTimeZone, partsOf, type CivilDate } from '@daybook/kernel';

/** A zone and the first civil day it counts from; the first one counts from the beginning. */
export type ZoneEntry = { from: CivilDate | null; timeZone: string };
/** Never empty, in the order of `from`. */
export type Zones = readonly ZoneEntry[];

const YEARS_AHEAD = 2;

/**
 * The family's civil today (rules R2, R25). A new zone takes over on the day it was announced for, and no day comes
 * twice: where the new zone is still on an earlier date, the family's today waits for it.
 */
export function todayIn(zones: Zones, nowMs: number): CivilDate {
  const [first, ...later] = zones;
  if (first === undefined) throw new RangeError('a family has a time zone');
  let today = civilDateIn(parseTimeZone(first.timeZone), nowMs);
  for (const { from, timeZone } of later) {
    if (from === null || today < from) break;
    const there = civilDateIn(parseTimeZone(timeZone), nowMs);
    today = there > from ? there : from;
  }
  return today;
}

/** The zone a day of the family is in. */
export function zoneOn(zones: Zones, date: CivilDate): string {
  const entry = zones.findLast(({ from }) => from === null || from <= date);
  if (entry === undefined) throw new RangeError('a family has a time zone');
  return entry.timeZone;
}

/** The last day that may be asked for or recorded (rule R2): the same one two years on, or the last of its month. */
export function latestDate(today: CivilDate): CivilDate {
  const { year, month, day } = partsOf(today);
  return civilDate(year + YEARS_AHEAD, month, Math.min(day, daysInMonth(year + YEARS_AHEAD, month)));
}
