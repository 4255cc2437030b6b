import type { JsonValue } from '@daybook/eventsourcing';

/**
 * A document lives as a value in the cache and as text in the table, and a fold must not see which. So a value is
 * refused unless its text gives it back exactly, and frozen so that a fold cannot change it in place: a batch whose
 * commit fails leaves nothing behind. What is frozen has been checked; a next document shares most of the last one,
 * and only its new parts are visited.
 */
export function freezeJson(value: unknown, path: string): asserts value is JsonValue {
  if (!froze(value)) throw new TypeError(whatIsWrong(value, path) ?? `${path} is not JSON`);
}

function froze(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Object.isFrozen(value)) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (!froze(item)) return false;
  } else {
    if (!isPlain(value)) return false;
    for (const item of Object.values(value)) if (!froze(item)) return false;
  }
  Object.freeze(value);
  return true;
}

/** Looks for the place only once something is wrong: naming every place on the way costs more than looking. */
function whatIsWrong(value: unknown, path: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean' ? null : `${path} is ${typeof value}`;
  if (value === null || Object.isFrozen(value)) return null;
  if (!Array.isArray(value) && !isPlain(value)) return `${path} is not a plain object`;
  for (const [key, item] of Object.entries(value)) {
    const wrong = whatIsWrong(item, `${path}.${key}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
