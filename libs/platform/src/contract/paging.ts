import { DaybookError, hex, sha256, utf8 } from '@daybook/kernel';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_CURSOR_LENGTH = 1_024;
const DIGEST_LENGTH = 16;
/** What no key of a row contains, and no database takes as text. */
const UNUSABLE = /[\p{Cc}\p{Cs}]/u;

/** A whole number that is text in a query string and a number in a JSON body. */
export function intInput(min: number, max: number) {
  return z
    .custom<number | string>()
    .transform((given, context): number => {
      const value = typeof given === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(given) ? Number(given) : given;
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
      refuse(context, given, `must be a whole number from ${min} to ${max}`);
      return z.NEVER;
    })
    .meta({ type: 'integer', minimum: min, maximum: max });
}

/** Yes or no: `true` and `false` as text in a query string, the JSON values in a body. */
export function booleanInput() {
  return z
    .custom<boolean | 'true' | 'false'>()
    .transform((given, context): boolean => {
      if (given === true || given === 'true') return true;
      if (given === false || given === 'false') return false;
      refuse(context, given, 'must be true or false');
      return z.NEVER;
    })
    .meta({ type: 'boolean' });
}

function refuse(context: z.core.$RefinementCtx, given: unknown, message: string): void {
  const missing = { code: 'required', message: 'This field is required' };
  const { code, message: sentence } = given === undefined ? missing : { code: 'invalid_value', message };
  context.addIssue({ code: 'custom', message: sentence, params: { code } });
}

/** What every list takes: `z.strictObject({ familyId, ...pageArgs })`. Its answers carry `nextCursor`. */
export const pageArgs = {
  limit: intInput(1, MAX_LIMIT).default(DEFAULT_LIMIT).meta({ description: 'How many at most', default: DEFAULT_LIMIT }),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR_LENGTH)
    .optional()
    .describe('The nextCursor of the page before, with the same arguments; left out for the first page'),
  order: z.enum(['desc', 'asc']).default('desc').describe('Newest first, or oldest first'),
};

export interface PageCursor {
  /** The key of the last row of a page, as a client brings it back. */
  encode(key: readonly string[]): string;
  /** Throws CURSOR_INVALID for whatever `encode` did not make for this query and these arguments. */
  decode(cursor: string): readonly string[];
}

/**
 * Says where the next page begins. Bound to the query and to all its arguments but `limit`: a page of another question
 * is refused, not answered from the middle. The binding is a digest, not a signature, so what comes back is text that
 * anybody may have written: `keyShape` says what each part must be, before it reaches the database.
 */
export function pageCursor(
  queryName: string,
  boundArgs: Readonly<Record<string, unknown>>,
  keyShape?: readonly ((part: string) => boolean)[],
): PageCursor {
  const { limit: _limit, cursor: _cursor, ...bound } = boundArgs;
  const question = hex(sha256(utf8(canonicalJson([queryName, bound])))).slice(0, DIGEST_LENGTH);
  const encode = (key: readonly string[]): string => Buffer.from(JSON.stringify([question, ...key])).toString('base64url');
  return {
    encode,
    decode(cursor) {
      const [digest, ...key] = partsOf(cursor);
      const fits = keyShape === undefined || (key.length === keyShape.length && keyShape.every((is, at) => is(key[at] ?? '')));
      if (digest !== question || !fits || encode(key) !== cursor) throw invalidCursor();
      return key;
    },
  };
}

function partsOf(cursor: string): readonly string[] {
  if (cursor.length > MAX_CURSOR_LENGTH) throw invalidCursor();
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.every(isUsableText)) return parts;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidCursor();
}

function isUsableText(part: unknown): part is string {
  return typeof part === 'string' && !UNUSABLE.test(part);
}

function invalidCursor(): DaybookError {
  return new DaybookError('CURSOR_INVALID', 'Begin again without cursor; a cursor goes with the arguments it was made for.', {
    errors: [{ pointer: '/cursor', code: 'invalid_cursor', message: 'does not belong to this question' }],
  });
}
