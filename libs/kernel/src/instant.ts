import { fromEpochDay, isCivilDate, toEpochDay } from './civil-date.js';
import { DaybookError } from './errors.js';

/**
 * Instants as text: RFC 3339 in UTC with exactly three decimals, `2026-04-01T08:30:00.000Z`, so that they sort as text.
 * Inside the program an instant is a number of milliseconds since 1970-01-01T00:00Z.
 */
const DAY_MS = 86_400_000;
const SHAPE = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?Z$/;

export function formatInstant(instantMs: number): string {
  const day = Math.floor(instantMs / DAY_MS);
  const ms = instantMs - day * DAY_MS;
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60].map((part) => padded(Math.floor(part), 2));
  return `${fromEpochDay(day)}T${clock.join(':')}.${padded(Math.floor(ms % 1_000), 3)}Z`;
}

/** Milliseconds. Up to three decimals; neither offsets other than Z nor leap seconds. */
export function parseInstant(text: string): number {
  const [, date = '', hour, minute, second, decimals = ''] = SHAPE.exec(text) ?? [];
  if (!isCivilDate(date)) {
    throw new DaybookError('VALIDATION_FAILED', 'An instant is written like 2026-04-01T08:30:00.000Z, in UTC.');
  }
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return toEpochDay(date) * DAY_MS + seconds * 1_000 + Number(decimals.padEnd(3, '0'));
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
