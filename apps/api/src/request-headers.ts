import { DaybookError } from '@daybook/kernel';

const MAX_KEY_LENGTH = 128;
const PRINTABLE = /^[\x21-\x7e]+$/;
const MAX_WAIT_SECONDS = 5;

/** The key as the client chose it: bare, or quoted as in the IETF draft; undefined when the header is absent. */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = Array.isArray(header) ? header.join(',') : header.trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(value);
  const key = quoted?.[1] === undefined ? value : quoted[1].replace(/\\(["\\])/g, '$1');
  if (key.length > 0 && key.length <= MAX_KEY_LENGTH && PRINTABLE.test(key)) return key;
  throw new DaybookError(
    'VALIDATION_FAILED',
    `Idempotency-Key is 1 to ${MAX_KEY_LENGTH} printable characters without spaces; a UUID is best.`,
  );
}

/** Seconds the client is willing to wait for the read models, from `Prefer: wait=2`; undefined when it did not ask. */
export function parsePreferWait(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header.join(',') : (header ?? '');
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(value)?.[1];
  return wait === undefined ? undefined : Math.min(Number(wait), MAX_WAIT_SECONDS);
}
