import type { Random } from '@daybook/kernel';

/** Everything that looks like chance in a simulated history comes from one of these (sfc32, seeded by splitmix32). */
export class SeededRandom implements Random {
  private readonly words: Uint32Array;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    this.words = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) >>> 0;
    });
    for (let warm = 0; warm < 12; warm += 1) this.word();
  }

  fraction(): number {
    return this.word() / 0x1_0000_0000;
  }

  uuid(): string {
    const digits = Array.from({ length: 4 }, () => this.word().toString(16).padStart(8, '0')).join('');
    const version = `4${digits.slice(13, 16)}`;
    const variant = `8${digits.slice(17, 20)}`;
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${version}-${variant}-${digits.slice(20)}`;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() & 0xff);
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  private word(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.words;
    const result = (((a + b) | 0) + d) | 0;
    this.words[3] = (d + 1) | 0;
    this.words[0] = b ^ (b >>> 9);
    this.words[1] = (c + (c << 3)) | 0;
    this.words[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}
