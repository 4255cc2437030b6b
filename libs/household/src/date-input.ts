import { isCivilDate, type CivilDate } from '@daybook/kernel';
import { z } from 'zod';

const TODAY = 'today';
const DATE_FORM = 'must be a day of the calendar, written YYYY-MM-DD';
/** The calendar ends with the year after it, so that every period that is asked for has an end. */
const LAST_DAY = '9998-12-31';

/** A civil date in, such as 2026-04-01. */
export function dateInput() {
  return z
    .string()
    .refine(isUsable, { message: DATE_FORM, params: { code: 'invalid_date' } })
    .transform((text) => text as CivilDate)
    .meta({ format: 'date', examples: ['2026-04-01'] });
}

/** A civil date, or the word for the civil today of the family. */
export function dateOrTodayInput() {
  return z
    .string()
    .refine((text) => text === TODAY || isUsable(text), {
      message: `${DATE_FORM}, or "${TODAY}"`,
      params: { code: 'invalid_date' },
    })
    .transform((text) => text as CivilDate | typeof TODAY)
    .meta({ examples: [TODAY, '2026-04-01'] });
}

function isUsable(text: string): boolean {
  return isCivilDate(text) && text <= LAST_DAY;
}
