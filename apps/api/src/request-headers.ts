import { DaybookError } from '@daybook/kernel';
import { validationFailed } from '@daybook/platform';
import { z } from 'zod';

const MAX_KEY_LENGTH = 128;
const PRINTABLE = /^[\x21-\x7e]+$/;
const MAX_WAIT_SECONDS = 5;
const KEY_FORM = `1 to ${MAX_KEY_LENGTH} printable characters without spaces; a UUID is best`;

/** A key inside a batch. */
export const idempotencyKeyInput = z
  .string()
  .refine(isKey, { message: `is ${KEY_FORM}`, params: { code: 'invalid_key' } })
  .meta({ minLength: 1, maxLength: MAX_KEY_LENGTH, pattern: '^[!-~]+$' });

/** The key as the client chose it: bare, or quoted as in the IETF draft; undefined when the header is absent. */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = Array.isArray(header) ? header.join(',') : header.trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(value);
  const key = quoted?.[1] === undefined ? value : quoted[1].replace(/\\(["\\])/g, '$1');
  // A quote that is never closed was not meant as a part of the key.
  const isHalfQuoted = quoted === null && value.startsWith('"');
  if (isKey(key) && !isHalfQuoted) return key;
  throw new DaybookError('VALIDATION_FAILED', `Idempotency-Key is ${KEY_FORM}.`);
}

/** A key for the whole of a batch would promise what a batch is not: carried out as one. */
export function assertNoBatchKey(header: string | string[] | undefined): void {
  if (header === undefined) return;
  throw validationFailed([], 'A batch takes no Idempotency-Key header: give each of its commands an idempotencyKey.');
}

function isKey(text: string): boolean {
  return text.length > 0 && text.length <= MAX_KEY_LENGTH && PRINTABLE.test(text);
}

/** Seconds the client is willing to wait for the read models, from `Prefer: wait=2`; undefined when it did not ask. */
export function parsePreferWait(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header.join(',') : (header ?? '');
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(value)?.[1];
  return wait === undefined ? undefined : Math.min(Number(wait), MAX_WAIT_SECONDS);
}
