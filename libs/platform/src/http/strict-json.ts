/** A body that is JSON but must not be used: too deep, too long, ambiguous, or not exactly what it says. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface JsonLimits {
  readonly depth: number;
  readonly arrayLength: number;
  /** Refuse numbers that a double cannot hold as they are written. */
  readonly exactNumbers: boolean;
}

/** One array or object that is open while the text is walked. */
interface Open {
  readonly keys: Set<string> | undefined;
  items: number;
  expectsKey: boolean;
}

/**
 * Parses and refuses what JSON.parse lets through: nesting and arrays without end, keys that reach for prototypes,
 * a key given twice, numbers that a double cannot hold as written, text that no database can hold.
 */
export function parseStrictJson(text: string, limits: JsonLimits): unknown {
  const value = parse(text);
  inspect(text, limits);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JsonRefused('invalid_json', `The body is not valid JSON${whereItBreaks(error.message, text)}`);
  }
}

/**
 * Only the place is taken from the parser's sentence: the rest of it may quote the text, which may be personal. Where
 * it quotes, it does not name the place, and neither do we.
 */
function whereItBreaks(message: string, text: string): string {
  if (message === 'Unexpected end of JSON input') return ': it ends too early';
  const offset = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  if (offset === undefined) return '';
  const before = text.slice(0, Number(offset)).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[[\]{},:]/g;

/** Walks a text already known to be valid JSON. */
function inspect(text: string, limits: JsonLimits): void {
  const open: Open[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    switch (token.charAt(0)) {
      case '{':
      case '[':
        countItem(inner, limits);
        if (open.length === limits.depth) throw new JsonRefused('too_deep', `More than ${limits.depth} levels deep`);
        open.push({ keys: token === '{' ? new Set() : undefined, items: 0, expectsKey: token === '{' });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (inner?.keys !== undefined) inner.expectsKey = true;
        break;
      case ':':
        if (inner !== undefined) inner.expectsKey = false;
        break;
      case '"':
        inspectString(token, inner);
        countItem(inner, limits);
        break;
      default:
        if (limits.exactNumbers) inspectNumber(token);
        countItem(inner, limits);
    }
  }
}

/** Only arrays count: members of an object are bounded by the size of the body. */
function countItem(inner: Open | undefined, limits: JsonLimits): void {
  if (inner === undefined || inner.keys !== undefined) return;
  inner.items += 1;
  if (inner.items > limits.arrayLength) {
    throw new JsonRefused('too_many_items', `An array has more than ${limits.arrayLength} items`);
  }
}

function inspectString(token: string, inner: Open | undefined): void {
  const value = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
  if (value.includes('\0')) throw new JsonRefused('unusable_text', 'Text must not contain the character U+0000');
  if (/\p{Surrogate}/u.test(value)) throw new JsonRefused('unusable_text', 'Text must be valid Unicode');
  if (inner?.expectsKey !== true || inner.keys === undefined) return;
  if (value === '__proto__' || value === 'constructor' || value === 'prototype') {
    throw new JsonRefused('forbidden_key', 'A key of this name is not accepted');
  }
  if (inner.keys.has(value)) throw new JsonRefused('duplicate_key', 'A key is given twice in one object');
  inner.keys.add(value);
}

/** What is written must be what is read: 15 significant digits always survive a double, an exponent hides them. */
function inspectNumber(token: string): void {
  const digits = token.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  if (/[eE]/.test(token)) throw new JsonRefused('inexact_number', 'Write numbers without an exponent');
  if (digits.length > 15) throw new JsonRefused('inexact_number', 'Write numbers of more than 15 digits as strings');
}
