import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { hex, sha1, sha256, utf8 } from './hash.js';

const reference = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');

describe('hashes', () => {
  it('SHA-256 answers the published value for "abc"', () => {
    expect(hex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('SHA-1 answers the published value for "abc"', () => {
    expect(hex(sha1(utf8('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  });

  it.each([0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000])(
    'a message of %i bytes is padded as the standard says',
    (length) => {
      const message = new Uint8Array(length).fill(0xa5);
      expect(hex(sha256(message))).toBe(reference('sha256', message));
      expect(hex(sha1(message))).toBe(reference('sha1', message));
    },
  );

  it('any bytes hash as the platform hashes them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(hex(sha256(bytes))).toBe(reference('sha256', bytes));
        expect(hex(sha1(bytes))).toBe(reference('sha1', bytes));
      }),
    );
  });

  it('a message that is a window on a larger buffer hashes as itself', () => {
    const buffer = utf8('xxabcxx');
    expect(sha256(buffer.subarray(2, 5))).toEqual(sha256(utf8('abc')));
  });
});
