import { DaybookError, parseText } from '@daybook/kernel';
import { z } from 'zod';

/** One line of text that people write about themselves or each other; sealed before anything else sees it. */
export function personalText(max: number) {
  return z
    .string()
    .meta({ minLength: 1, maxLength: max })
    .transform((text, context) => parsedText(text, max, context));
}

/** The same where it may be left empty: nothing but spaces is none. */
export function textOrNone(max: number) {
  return z
    .string()
    .meta({ maxLength: max })
    .transform((text, context) => (text.trim() === '' ? null : parsedText(text, max, context)));
}

function parsedText(text: string, max: number, context: z.core.$RefinementCtx): string {
  try {
    return parseText(text, { min: 1, max });
  } catch (thrown) {
    if (!(thrown instanceof DaybookError)) throw thrown;
    for (const { code, message } of thrown.data.errors ?? []) {
      context.addIssue({ code: 'custom', message, params: { code } });
    }
    return z.NEVER;
  }
}
