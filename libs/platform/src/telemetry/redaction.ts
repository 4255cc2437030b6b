/**
 * What must not reach a log: tokens, secrets, personal data, payloads. Two nets: facts under telling names are dropped
 * whole, and whatever looks like a token, a password or an e-mail address inside a text is cut out. Callers still log
 * ids and codes only; the nets are for the day somebody forgets.
 */
const HIDDEN = '[redacted]';

const HIDDEN_NAMES = new Set(
  [
    'authorization cookie setCookie token accessToken idToken refreshToken jwt password secret clientSecret apiKey',
    'pepper privateKey signingKey idempotencyKey invitationCode credentials connectionString',
    'name userName givenName familyName fullName displayName email emailAddress phone birthday',
    'ip ipAddress remoteAddress userAgent',
    'description note notes text comment body rawBody payload args arguments data params parameters values headers query',
  ]
    .join(' ')
    .split(' ')
    .map(normalised),
);

const TOKEN = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi;
const EMAIL = /[^\s@<>"'(),:;=[\]]+@[^\s@<>"'(),:;=[\]]+\.[a-z]{2,}/gi;

const MAX_TEXT = 2_000;
const MAX_STACK = 8_000;
const MAX_ITEMS = 20;
const MAX_DEPTH = 5;

export type LoggableFacts = Record<string, unknown>;

/** A copy that is safe to write: bounded, without cycles, without anything hidden. */
export function redacted(facts: Readonly<Record<string, unknown>>): LoggableFacts {
  return redactedMembers(facts, 1);
}

export function redactedText(text: string, maxLength = MAX_TEXT): string {
  const shortened = text.length > maxLength ? `${text.slice(0, maxLength)}… (${text.length} characters)` : text;
  return shortened
    .replace(TOKEN, HIDDEN)
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(URL_PASSWORD, `$1:${HIDDEN}@`)
    .replace(EMAIL, HIDDEN);
}

function redactedValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return redactedText(value);
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return String(value);
    case 'function':
    case 'symbol':
      return HIDDEN;
    case 'object':
      return value === null ? null : redactedObject(value, depth);
  }
}

function redactedObject(value: object, depth: number): unknown {
  if (value instanceof Error) return redactedError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (depth >= MAX_DEPTH) return '…';
  if (!Array.isArray(value)) return redactedMembers(value as Record<string, unknown>, depth + 1);
  const items = value.slice(0, MAX_ITEMS).map((item) => redactedValue(item, depth + 1));
  return value.length > MAX_ITEMS ? [...items, `… (${value.length} items)`] : items;
}

function redactedMembers(value: Readonly<Record<string, unknown>>, depth: number): LoggableFacts {
  const members = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      HIDDEN_NAMES.has(normalised(name)) && member !== undefined ? HIDDEN : redactedValue(member, depth),
    ]),
  );
}

/** Message, code and stack; other members of an error carry rows and requests. */
function redactedError(error: Error, depth: number): LoggableFacts {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: redactedText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactedText(error.stack, MAX_STACK) }),
    ...(cause instanceof Error && depth < MAX_DEPTH ? { cause: redactedError(cause, depth + 1) } : {}),
  };
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
