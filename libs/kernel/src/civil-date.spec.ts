import * as fc from 'fast-check';
import {
  addDays,
  civilDate,
  compareDates,
  daysBetween,
  daysInMonth,
  fromEpochDay,
  isCivilDate,
  monthOf,
  parseCivilDate,
  toEpochDay,
  weekdayOf,
} from './civil-date.js';

const FIRST = -719_162;
const LAST = 2_932_896;
const epochDays = fc.integer({ min: FIRST, max: LAST });
/** The runtime's calendar, as the reference for ours. */
const referenceDate = (epochDay: number) => new Date(epochDay * 86_400_000).toISOString().slice(0, 10);

describe('a civil date', () => {
  it.each(['2026-02-30', '2026-02-29', '2100-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '0000-01-01'])(
    '%s is no day of the calendar',
    (text) => {
      expect(() => parseCivilDate(text)).toThrow('VALIDATION_FAILED');
    },
  );

  it.each(['2026-4-1', '2026-04-01T00:00:00Z', '20260401', ' 2026-04-01', '2026-04-01\n', '+2026-04-01', '٢٠٢٦-04-01', ''])(
    '%j is not written as a date',
    (text) => {
      expect(isCivilDate(text)).toBe(false);
    },
  );

  it('the leap day exists in 2024, 2000 and 2400', () => {
    expect(['2024-02-29', '2000-02-29', '2400-02-29'].every(isCivilDate)).toBe(true);
  });

  it('counts days as the runtime does, over every year there is', () => {
    fc.assert(
      fc.property(epochDays, (epochDay) => {
        const date = fromEpochDay(epochDay);
        expect(date).toBe(referenceDate(epochDay));
        expect(toEpochDay(date)).toBe(epochDay);
        expect(isCivilDate(date)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows every day around each turn of a month from 1999 to 2001', () => {
    for (let epochDay = 10_592; epochDay < 11_688; epochDay += 1) expect(fromEpochDay(epochDay)).toBe(referenceDate(epochDay));
  });

  it.each([1_600, 1_700, 1_900, 2_000, 2_100, 2_400])('knows the days around the end of February %i', (year) => {
    const newYear = toEpochDay(civilDate(year, 1, 1));
    for (let day = newYear; day < newYear + 70; day += 1) expect(fromEpochDay(day)).toBe(referenceDate(day));
  });

  it('adding and counting days are inverse', () => {
    fc.assert(
      fc.property(epochDays, fc.integer({ min: -50_000, max: 50_000 }), (epochDay, days) => {
        fc.pre(epochDay + days >= FIRST && epochDay + days <= LAST);
        const date = fromEpochDay(epochDay);
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
    );
  });

  it('days left are counted on the calendar, not in hours (vector V30)', () => {
    expect(daysBetween(parseCivilDate('2026-03-28'), parseCivilDate('2026-04-01'))).toBe(4);
  });

  it('the first and the last day have no neighbour beyond', () => {
    expect(() => addDays(parseCivilDate('9999-12-31'), 1)).toThrow('DATE_OUT_OF_RANGE');
    expect(() => addDays(parseCivilDate('0001-01-01'), -1)).toThrow('DATE_OUT_OF_RANGE');
    expect(() => civilDate(2026, 2, 29)).toThrow('DATE_OUT_OF_RANGE');
  });

  it('sorts as text and as a day alike', () => {
    fc.assert(
      fc.property(epochDays, epochDays, (one, other) => {
        expect(Math.sign(compareDates(fromEpochDay(one), fromEpochDay(other)))).toBe(Math.sign(one - other));
      }),
    );
  });

  it('has the weekday the runtime says, Monday first', () => {
    fc.assert(
      fc.property(epochDays, (epochDay) => {
        const sundayFirst = new Date(epochDay * 86_400_000).getUTCDay();
        expect(weekdayOf(fromEpochDay(epochDay))).toBe(sundayFirst === 0 ? 7 : sundayFirst);
      }),
    );
  });

  it('belongs to a month of the right length', () => {
    expect(monthOf(parseCivilDate('2026-04-30'))).toBe('2026-04');
    expect([2, 4, 12].map((month) => daysInMonth(2026, month))).toEqual([28, 30, 31]);
    expect(daysInMonth(2028, 2)).toBe(29);
  });
});
