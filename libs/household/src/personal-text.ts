import { DaybookError, parseText } from '@daybook/kernel';
import { z } from 'zod';

/** One line of text that people write about themselves or each other; sealed before anything else sees it. */
export function personalText(max: number) {
  return z
    .string()
    .meta({ minLength: 1, maxLength: max })
    .transform((text, context) => {
      try {
        return parseText(text, { min: 1, max });
      } catch (thrown) {
        if (!(thrown instanceof DaybookError)) throw thrown;
        for (const { code, message } of thrown.data.errors ?? []) {
          context.addIssue({ code: 'custom', message, params: { code } });
        }
        return z.NEVER;
      }
    });
}
