import type { JsonValue } from '@daybook/eventsourcing';

/**
 * A document lives as a value in the cache and as text in the table, and a fold must not see which. So a value is
 * refused unless its text gives it back exactly, and frozen so that a fold cannot change it in place: a batch whose
 * commit fails leaves nothing behind. What is frozen has been checked; a next document shares most of the last one,
 * and only its new parts are visited.
 */
export function freezeJson(value: unknown, path: string): asserts value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}`);
    return;
  }
  if (typeof value !== 'object') throw new TypeError(`${path} is ${typeof value}`);
  if (Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) freezeJson(item, `${path}[${index}]`);
  } else {
    if (!isPlain(value)) throw new TypeError(`${path} is not a plain object`);
    for (const [key, item] of Object.entries(value)) freezeJson(item, `${path}.${key}`);
  }
  Object.freeze(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
