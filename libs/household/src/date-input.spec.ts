import { parseCivilDate } from '@daybook/kernel';
import { validationFailedBy } from '@daybook/platform';
import { z } from 'zod';
import { dateInput, dateOrTodayInput } from './date-input.js';
import { lastAcceptedDate, yearsFrom } from './date-range.js';

const onlyDate = z.strictObject({ date: dateInput() });
const orToday = z.strictObject({ date: dateOrTodayInput() });

function errorsOf(contract: z.ZodType, date: unknown): unknown {
  const parsed = contract.safeParse({ date });
  return parsed.success ? [] : validationFailedBy(parsed.error).data.errors;
}

describe('a date that was sent', () => {
  it.each(['2026-04-01', '2028-02-29', '0001-01-01', '9998-12-31'])('is taken when it is in the calendar: %s', (date) => {
    expect([errorsOf(onlyDate, date), errorsOf(orToday, date)]).toEqual([[], []]);
  });

  it.each(['2026-02-30', '2026-02-29', '2026-4-1', '01.04.2026', '2026-04-01T00:00:00Z', '2026-13-01', '9999-01-01', '', ' 2026-04-01', 'Today'])(
    'is refused as %j, with the form it should have',
    (date) => {
      const refused = (message: string) => [{ pointer: '/date', code: 'invalid_date', message }];
      const form = 'must be a day of the calendar, written YYYY-MM-DD';
      expect(errorsOf(onlyDate, date)).toEqual(refused(form));
      expect(errorsOf(orToday, date)).toEqual(refused(`${form}, or "today"`));
    },
  );

  it('may be the word today only where the contract says so', () => {
    expect(errorsOf(orToday, 'today')).toEqual([]);
    expect(errorsOf(onlyDate, 'today')).toHaveLength(1);
  });

  it.each([20260401, null, {}, ['2026-04-01']])('is refused as something else than text: %p', (date) => {
    expect(errorsOf(onlyDate, date)).toMatchObject([{ pointer: '/date', code: 'invalid_type' }]);
  });
});

describe('the days that are accepted', () => {
  it('end two years after today, on the same day of the year', () => {
    expect(lastAcceptedDate(parseCivilDate('2026-04-10'))).toBe('2028-04-10');
    expect(lastAcceptedDate(parseCivilDate('2028-02-29'))).toBe('2030-02-28');
  });

  it('are counted in years of any length, both ways', () => {
    expect(yearsFrom(parseCivilDate('2026-03-31'), -5)).toBe('2021-03-31');
    expect(yearsFrom(parseCivilDate('2024-02-29'), 4)).toBe('2028-02-29');
    expect(yearsFrom(parseCivilDate('2024-02-29'), -1)).toBe('2023-02-28');
  });
});
