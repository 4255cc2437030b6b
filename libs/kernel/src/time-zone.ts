import { addDays, civilDate, fromEpochDay, toEpochDay, type CivilDate } from './civil-date.js';
import { DaybookError } from './errors.js';

/**
 * Civil days in a zone. The zone rules come from the runtime (Intl); nothing else of Intl is used, and no clock is
 * read: the instant is an argument, in milliseconds since 1970-01-01T00:00Z.
 */
export type TimeZone = string & { readonly __brand: 'TimeZone' };

const DAY_MS = 86_400_000;
/** No zone has ever been further from UTC, so one day before and after a midnight see both of its offsets. */
const WIDEST_OFFSET_MS = DAY_MS;
// The runtime also takes abbreviations that mean different zones to different people, such as IST, and bare offsets.
const IANA_NAME =
  /^(UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)(\/[A-Za-z0-9_+-]+){1,2})$/;

const formatters = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): name is TimeZone {
  if (!IANA_NAME.test(name)) return false;
  try {
    return formatterOf(name as TimeZone) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function parseTimeZone(name: string): TimeZone {
  if (isTimeZone(name)) return name;
  throw new DaybookError('VALIDATION_FAILED', 'A time zone is an IANA name such as Europe/London, or UTC.');
}

/** The family's today, given the server's clock. */
export function civilDateIn(zone: TimeZone, instantMs: number): CivilDate {
  return fromEpochDay(Math.floor(localMs(zone, instantMs) / DAY_MS));
}

/** The first instant of the civil day; where clocks skip midnight (or the whole day), the first one after the gap. */
export function startOfDay(zone: TimeZone, date: CivilDate): number {
  return startsOf(zone, date)[0];
}

/** The next instant after this one at which a new civil day begins. */
export function nextMidnight(zone: TimeZone, instantMs: number): number {
  const tomorrow = addDays(civilDateIn(zone, instantMs), 1);
  const [first, second = first] = startsOf(zone, tomorrow);
  return first > instantMs ? first : second;
}

/** Every instant that reads 00:00 on that day: one, two where clocks are set back over midnight, or the gap's end. */
function startsOf(zone: TimeZone, date: CivilDate): [number, number?] {
  const midnight = toEpochDay(date) * DAY_MS;
  const before = offsetMs(zone, midnight - WIDEST_OFFSET_MS);
  const after = offsetMs(zone, midnight + WIDEST_OFFSET_MS);
  const candidates = before === after ? [midnight - before] : [midnight - before, midnight - after];
  const [first, second] = candidates.filter((instant) => localMs(zone, instant) === midnight).sort((a, b) => a - b);
  if (first !== undefined) return second === undefined ? [first] : [first, second];
  return [firstInstantReading(midnight, zone, midnight - after, midnight - before)];
}

/** Bisects between an instant whose local time is before the wanted one and an instant whose local time is not. */
function firstInstantReading(wantedLocalMs: number, zone: TimeZone, tooEarly: number, late: number): number {
  let low = tooEarly;
  let high = late;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localMs(zone, middle) < wantedLocalMs) low = middle;
    else high = middle;
  }
  return high;
}

function offsetMs(zone: TimeZone, instantMs: number): number {
  return localMs(zone, instantMs) - instantMs;
}

/** What the wall shows, to the second, as milliseconds since a 1970-01-01T00:00 on the same wall. */
function localMs(zone: TimeZone, instantMs: number): number {
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = formatterOf(zone)
    .format(instantMs)
    .split(/\D+/)
    .map(Number);
  return toEpochDay(civilDate(year, month, day)) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000;
}

/** Making a formatter costs a hundred times more than using it. */
function formatterOf(zone: TimeZone): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, formatter);
  return formatter;
}
