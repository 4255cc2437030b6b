import { isCivilDate, type CivilDate } from '@daybook/kernel';
import { z } from 'zod';

const TODAY = 'today';
const DATE_FORM = 'must be a day of the calendar, written YYYY-MM-DD';

/** A civil date in, such as 2026-04-01. */
export function dateInput() {
  return z
    .string()
    .refine(isCivilDate, { message: DATE_FORM, params: { code: 'invalid_date' } })
    .transform((text) => text as CivilDate)
    .meta({ format: 'date', examples: ['2026-04-01'] });
}

/** A civil date, or the word for the civil today of the family. */
export function dateOrTodayInput() {
  return z
    .string()
    .refine((text) => text === TODAY || isCivilDate(text), {
      message: `${DATE_FORM}, or "${TODAY}"`,
      params: { code: 'invalid_date' },
    })
    .transform((text) => text as CivilDate | typeof TODAY)
    .meta({ examples: [TODAY, '2026-04-01'] });
}
