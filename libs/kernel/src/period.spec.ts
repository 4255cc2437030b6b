import * as fc from 'fast-check';
import { fromEpochDay, parseCivilDate, toEpochDay } from './civil-date.js';
import { nextPeriodStart, periodContaining } from './period.js';

const startDays = fc.integer({ min: 1, max: 31 });
const dates = fc
  .integer({ min: toEpochDay(parseCivilDate('0002-01-01')), max: toEpochDay(parseCivilDate('9998-12-31')) })
  .map(fromEpochDay);
const period = (date: string, startDay: number) => periodContaining(parseCivilDate(date), startDay);

describe('a budget period', () => {
  it.each([
    ['2026-01-24', '2025-12-25', '2026-01-24', 31],
    ['2026-01-25', '2026-01-25', '2026-02-24', 31],
    ['2026-02-01', '2026-01-25', '2026-02-24', 31],
  ])('with start day 25, %s lies in %s to %s (vector V21)', (date, start, lastDay, days) => {
    expect(period(date, 25)).toMatchObject({ start, lastDay, days });
  });

  it.each([
    ['2026-02-27', '2026-01-31', 28],
    ['2026-02-28', '2026-02-28', 31],
    ['2026-04-30', '2026-04-30', 31],
    ['2028-02-28', '2028-01-31', 29],
    ['2028-02-29', '2028-02-29', 31],
  ])('with start day 31, %s lies in the period of %s with %i days (vector V22)', (date, start, days) => {
    expect(period(date, 31)).toMatchObject({ start, days });
  });

  it('contains the date it was asked for, and is 28 to 31 days long', () => {
    fc.assert(
      fc.property(dates, startDays, (date, startDay) => {
        const { start, lastDay, days } = periodContaining(date, startDay);
        expect(start <= date && date <= lastDay).toBe(true);
        expect(days).toBeGreaterThanOrEqual(28);
        expect(days).toBeLessThanOrEqual(31);
      }),
    );
  });

  it('is the same for every day in it, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(dates, startDays, (date, startDay) => {
        const { start, lastDay, nextStart } = periodContaining(date, startDay);
        expect(periodContaining(start, startDay)).toEqual(periodContaining(lastDay, startDay));
        expect(periodContaining(nextStart, startDay).start).toBe(nextStart);
        expect(nextPeriodStart(date, startDay)).toBe(nextStart);
      }),
    );
  });

  it.each([0, 32, 1.5, Number.NaN])('has no start day %p', (startDay) => {
    expect(() => period('2026-04-01', startDay)).toThrow('between 1 and 31');
  });
});
