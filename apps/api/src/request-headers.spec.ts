import { assertNoBatchKey, parseIdempotencyKey, parsePreferWait } from './request-headers.js';

describe('Idempotency-Key', () => {
  it.each([
    ['abc', 'abc'],
    [' abc ', 'abc'],
    ['"abc"', 'abc'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a"b', 'a"b'],
    ['3F1D0C9E-6A54-4F3B-9A53-0F6C1F6F2A11', '3F1D0C9E-6A54-4F3B-9A53-0F6C1F6F2A11'],
    [undefined, undefined],
  ])('%p is the key %p', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it.each(['', '""', 'two words', '"two words"', '"open', '"a"b"', 'é', 'x'.repeat(129)])('%p is refused', (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow('1 to 128 printable characters');
  });

  it('sent twice is refused, and so is one for a whole batch', () => {
    expect(() => parseIdempotencyKey(['one', 'two', 'with space '])).toThrow('1 to 128 printable characters');
    expect(() => assertNoBatchKey('one')).toThrow('give each of its commands an idempotencyKey');
    expect(() => assertNoBatchKey(undefined)).not.toThrow();
  });
});

describe('Prefer', () => {
  it.each([
    ['wait=2', 2],
    ['wait=0', 0],
    ['respond-async, wait=2', 2],
    ['Wait="3"; foo', 3],
    ['wait = 4', 4],
    ['wait=99', 5],
    ['wait=-1', undefined],
    ['wait=soon', undefined],
    ['await=2', undefined],
    [undefined, undefined],
  ])('%p waits %p seconds', (header, seconds) => {
    expect(parsePreferWait(header)).toBe(seconds);
  });
});
