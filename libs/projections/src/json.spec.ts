import { freezeJson } from './json.js';

describe('a value that a table must give back as it was', () => {
  it.each([
    ['undefined', { a: [1, { b: undefined }] }, 'document.a.1.b is undefined'],
    ['a number JSON does not have', { a: Number.POSITIVE_INFINITY }, 'document.a is Infinity'],
    ['a bigint', { a: 1n }, 'document.a is bigint'],
    ['an object with a class', { a: new Date(0) }, 'document.a is not a plain object'],
  ])('may not hold %s, and the place is named', (_, value, message) => {
    expect(() => freezeJson(value, 'document')).toThrow(message);
  });

  it('cannot be changed afterwards, however deep', () => {
    const value = { days: [{ spent: 1 }] };
    freezeJson(value, 'document');
    expect(Object.isFrozen(value.days[0])).toBe(true);
  });
});
