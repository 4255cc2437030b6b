import * as fc from 'fast-check';
import { addDays, fromEpochDay, parseCivilDate } from './civil-date.js';
import { formatInstant, parseInstant } from './instant.js';
import { civilDateIn, isTimeZone, nextMidnight, parseTimeZone, startOfDay } from './time-zone.js';

const zone = parseTimeZone;
const startText = (name: string, date: string) => formatInstant(startOfDay(zone(name), parseCivilDate(date)));
const zones = fc
  .constantFrom(
    'UTC',
    'Europe/London',
    'America/Los_Angeles',
    'Africa/Cairo',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Pacific/Kiritimati',
  )
  .map(zone);
const instants = fc.integer({ min: parseInstant('1960-01-01T00:00:00Z'), max: parseInstant('2040-01-01T00:00:00Z') });

describe('a time zone', () => {
  it.each(['UTC', 'Europe/London', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['+01:00', '-0500', 'UTC+2', 'GMT+5', 'IST', 'PST', 'Europe/Atlantis', 'Etc/Unknown', 'SystemV/AST4', '', ' UTC'])(
    '%j is none',
    (name) => {
      expect(() => parseTimeZone(name)).toThrow('VALIDATION_FAILED');
    },
  );
});

describe('today', () => {
  it('is another day in London and in Los Angeles at the same instant (vector V30)', () => {
    const instant = parseInstant('2026-03-31T23:30:00Z');
    expect(civilDateIn(zone('Europe/London'), instant)).toBe('2026-04-01');
    expect(civilDateIn(zone('America/Los_Angeles'), instant)).toBe('2026-03-31');
  });

  it('changes at midnight to the millisecond', () => {
    const midnight = parseInstant('2026-04-01T00:00:00Z');
    expect(civilDateIn(zone('UTC'), midnight - 1)).toBe('2026-03-31');
    expect(civilDateIn(zone('UTC'), midnight)).toBe('2026-04-01');
    expect(civilDateIn(zone('UTC'), -1)).toBe('1969-12-31');
  });
});

describe('the start of a civil day', () => {
  it.each([
    ['UTC', '2026-04-01', '2026-04-01T00:00:00.000Z', 'is midnight'],
    ['Europe/London', '2026-03-29', '2026-03-29T00:00:00.000Z', 'does not feel a change of clocks later that day'],
    ['Europe/London', '2026-03-30', '2026-03-29T23:00:00.000Z', 'follows summer time'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 'is 01:00 where midnight does not exist (R25)'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 'is 01:00 there too'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 'is the first of two midnights'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00.000Z', 'is the first even if the day is left again'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 'of a day that was skipped is the end of the gap'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 'after the skipped day is the same instant'],
  ])('in %s on %s is %s: %s', (name, date, expected) => {
    expect(startText(name, date)).toBe(expected);
  });

  it('is the first instant of that day: one millisecond before is an earlier day', () => {
    fc.assert(
      fc.property(zones, instants, (name, instant) => {
        const date = civilDateIn(name, instant);
        const start = startOfDay(name, date);
        expect(civilDateIn(name, start)).toBe(date);
        expect(civilDateIn(name, start - 1) < date).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('comes in the order of the days', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 8_000, max: 25_000 }), (name, epochDay) => {
        const date = fromEpochDay(epochDay);
        expect(startOfDay(name, addDays(date, 1))).toBeGreaterThanOrEqual(startOfDay(name, date));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the next midnight', () => {
  it('lies ahead, within 25 hours and a half, and begins another day', () => {
    fc.assert(
      fc.property(zones, instants, (name, instant) => {
        const next = nextMidnight(name, instant);
        expect(next).toBeGreaterThan(instant);
        expect(next - instant).toBeLessThanOrEqual(25.5 * 3_600_000);
        expect(civilDateIn(name, next)).not.toBe(civilDateIn(name, next - 1));
      }),
      { numRuns: 300 },
    );
  });

  it('passes over a day that does not exist', () => {
    const before = parseInstant('2011-12-30T09:59:59Z');
    expect(formatInstant(nextMidnight(zone('Pacific/Apia'), before))).toBe('2011-12-30T10:00:00.000Z');
    expect(civilDateIn(zone('Pacific/Apia'), nextMidnight(zone('Pacific/Apia'), before))).toBe('2011-12-31');
  });

  it('comes twice where clocks are set back over midnight', () => {
    const stJohns = zone('America/St_Johns');
    const first = startOfDay(stJohns, parseCivilDate('2010-11-07'));
    const backInYesterday = first + 30 * 60_000;
    expect(civilDateIn(stJohns, backInYesterday)).toBe('2010-11-06');
    expect(nextMidnight(stJohns, backInYesterday)).toBe(first + 3_600_000);
  });
});
