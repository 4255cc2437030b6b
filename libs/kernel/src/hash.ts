/**
 * SHA-256 and SHA-1 (FIPS 180-4) of byte strings, so that ids can be derived in any runtime without an import.
 * For short inputs that are not secret: the derived ids. Passwords, keyed digests and large files use the platform's.
 */

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

const SHA256_ROUND = Uint32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);
const SHA256_START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const SHA1_START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

type Compress = (state: Uint32Array, schedule: Uint32Array) => void;

export function sha256(message: Uint8Array): Uint8Array {
  return digest(message, Uint32Array.from(SHA256_START), new Uint32Array(64), compressSha256);
}

export function sha1(message: Uint8Array): Uint8Array {
  return digest(message, Uint32Array.from(SHA1_START), new Uint32Array(80), compressSha1);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function digest(message: Uint8Array, state: Uint32Array, schedule: Uint32Array, compress: Compress): Uint8Array {
  const blocks = new DataView(padded(message).buffer);
  for (let offset = 0; offset < blocks.byteLength; offset += BLOCK_BYTES) {
    for (let word = 0; word < 16; word += 1) schedule[word] = blocks.getUint32(offset + word * 4);
    compress(state, schedule);
  }
  const result = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, index) => result.setUint32(index * 4, word));
  return new Uint8Array(result.buffer);
}

/** The message, a one bit, zeros up to a whole number of blocks, and the length in bits. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - LENGTH_BYTES, BigInt(message.length) * 8n);
  return bytes;
}

function compressSha256(state: Uint32Array, w: Uint32Array): void {
  for (let i = 16; i < 64; i += 1) {
    const x = at(w, i - 15);
    const y = at(w, i - 2);
    const s0 = right(x, 7) ^ right(x, 18) ^ (x >>> 3);
    const s1 = right(y, 17) ^ right(y, 19) ^ (y >>> 10);
    w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + at(SHA256_ROUND, i) + at(w, i)) | 0;
    const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t2 = (s0 + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  accumulate(state, [a, b, c, d, e, f, g, h]);
}

function compressSha1(state: Uint32Array, w: Uint32Array): void {
  for (let i = 16; i < 80; i += 1) {
    w[i] = right(at(w, i - 3) ^ at(w, i - 8) ^ at(w, i - 14) ^ at(w, i - 16), 31);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i += 1) {
    const next = (right(a, 27) + sha1Mix(i, b, c, d) + e + at(w, i)) | 0;
    [e, d, c, b, a] = [d, c, right(b, 2), a, next];
  }
  accumulate(state, [a, b, c, d, e]);
}

function sha1Mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function accumulate(state: Uint32Array, words: readonly number[]): void {
  words.forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

/** Inside its bounds by construction: the loops above never leave the schedule. */
function at(words: Uint32Array, index: number): number {
  return words[index] as number;
}

function right(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
