import { parseCivilDate } from '@daybook/kernel';
import { latestDate, todayIn, zoneOn, type Zones } from './today.js';

const zones = (...entries: readonly (readonly [from: string | null, timeZone: string])[]): Zones =>
  entries.map(([from, timeZone]) => ({ from: from === null ? null : parseCivilDate(from), timeZone }));
const at = (instant: string) => Date.parse(instant);

describe('the today of a family', () => {
  it('is the civil date of its zone', () => {
    expect(todayIn(zones([null, 'Asia/Tokyo']), at('2026-03-31T15:00:00Z'))).toBe('2026-04-01');
    expect(todayIn(zones([null, 'America/Los_Angeles']), at('2026-04-01T06:59:00Z'))).toBe('2026-03-31');
  });

  it('is told by a new zone from the day it was announced for', () => {
    const moved = zones([null, 'UTC'], ['2026-05-01', 'Asia/Tokyo']);
    expect(todayIn(moved, at('2026-04-30T20:00:00Z'))).toBe('2026-04-30');
    expect(todayIn(moved, at('2026-05-01T00:00:00Z'))).toBe('2026-05-01');
    expect(todayIn(moved, at('2026-05-01T15:00:00Z'))).toBe('2026-05-02');
  });

  it('waits where the new zone is still on the day before, so that no day comes twice', () => {
    const moved = zones([null, 'Asia/Tokyo'], ['2026-05-01', 'America/Los_Angeles']);
    expect(todayIn(moved, at('2026-04-30T14:59:00Z'))).toBe('2026-04-30');
    expect(todayIn(moved, at('2026-04-30T15:00:00Z'))).toBe('2026-05-01');
    expect(todayIn(moved, at('2026-05-02T06:00:00Z'))).toBe('2026-05-01');
    expect(todayIn(moved, at('2026-05-02T07:00:00Z'))).toBe('2026-05-02');
  });

  it('follows one move after another, and none that is still to come', () => {
    const moved = zones([null, 'UTC'], ['2026-05-01', 'Asia/Tokyo'], ['2026-06-01', 'America/Los_Angeles']);
    expect(todayIn(moved, at('2026-05-31T14:00:00Z'))).toBe('2026-05-31');
    expect(todayIn(moved, at('2026-05-31T15:00:00Z'))).toBe('2026-06-01');
    expect(todayIn(moved, at('2026-06-02T06:00:00Z'))).toBe('2026-06-01');
  });

  it('needs a zone', () => {
    expect(() => todayIn([], 0)).toThrow('has a time zone');
    expect(() => zoneOn([], parseCivilDate('2026-04-01'))).toThrow('has a time zone');
  });
});

it('a day is in the zone that was announced last for it or before it', () => {
  const moved = zones([null, 'UTC'], ['2026-05-01', 'Asia/Tokyo']);
  expect(['2026-04-30', '2026-05-01', '2026-05-02'].map((day) => zoneOn(moved, parseCivilDate(day)))).toEqual(['UTC', 'Asia/Tokyo', 'Asia/Tokyo']);
});

it('the last day that may be asked for is the same one two years on, or the last of its month', () => {
  expect(['2026-04-01', '2028-02-29', '2026-02-28', '2026-12-31'].map((day) => latestDate(parseCivilDate(day)))).toEqual([
    '2028-04-01',
    '2030-02-28',
    '2028-02-28',
    '2028-12-31',
  ]);
});
