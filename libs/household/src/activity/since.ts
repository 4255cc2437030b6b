import { formatInstant } from '@daybook/kernel';
import { z } from 'zod';
import { asAtInput, type AsAtText } from '../budget-answers/as-at.js';

/** The last millisecond that has a date. */
const LAST_MILLISECOND = Date.parse('9999-12-31T23:59:59.999Z');
const asAt = asAtInput();

/** A moment: a position as some answer gave it, an instant, or milliseconds since 1970. */
export function sinceInput() {
  return z
    .custom<string | number>()
    .transform((given, context): AsAtText => {
      const ms = typeof given === 'number' ? given : /^\d{1,15}$/.test(given) ? Number(given) : undefined;
      const isInstant = ms !== undefined && Number.isInteger(ms) && ms >= 0 && ms <= LAST_MILLISECOND;
      const text = isInstant ? formatInstant(ms) : given;
      const parsed = typeof text === 'string' ? asAt.safeParse(text) : undefined;
      if (parsed?.success) return parsed.data;
      const message = 'must be a position as an answer gave it, an instant in UTC, or milliseconds since 1970';
      context.addIssue({ code: 'custom', message, params: { code: 'invalid_since' } });
      return z.NEVER;
    })
    .meta({
      type: 'string',
      description: 'Only what came after, oldest first: a position as an answer gave it, an instant, or milliseconds since 1970',
      examples: ['2026-04-01T08:30:00.000Z'],
    });
}
