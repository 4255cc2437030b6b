import { z } from 'zod';

const CONTROL_OR_FORMAT = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** One line of text that people write about themselves: trimmed, composed (NFC), counted in characters people see. */
export function personalText(maxCharacters: number) {
  return z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => text.length > 0, { message: 'must not be empty' })
    .refine((text) => [...text].length <= maxCharacters, { message: `at most ${maxCharacters} characters` })
    .refine((text) => !CONTROL_OR_FORMAT.test(text), {
      message: 'must not contain control characters or text direction overrides',
    });
}
