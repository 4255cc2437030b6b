/** Numbers that are only appended, in chunks: growing never copies what is there. */
const CHUNK_BITS = 16;
const CHUNK_LENGTH = 2 ** CHUNK_BITS;
const CHUNK_MASK = CHUNK_LENGTH - 1;

export class GrowingArray<Chunk extends Uint32Array | Float64Array> {
  private readonly chunks: Chunk[] = [];
  private count = 0;

  constructor(private readonly newChunk: (length: number) => Chunk) {}

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    const within = this.count & CHUNK_MASK;
    if (within === 0) this.chunks.push(this.newChunk(CHUNK_LENGTH));
    (this.chunks[this.chunks.length - 1] as Chunk)[within] = value;
    this.count += 1;
  }

  at(index: number): number {
    if (index < 0 || index >= this.count) throw new RangeError(`index ${index} of ${this.count}`);
    return (this.chunks[index >>> CHUNK_BITS] as Chunk)[index & CHUNK_MASK] as number;
  }

  set(index: number, value: number): void {
    if (index < 0 || index >= this.count) throw new RangeError(`index ${index} of ${this.count}`);
    (this.chunks[index >>> CHUNK_BITS] as Chunk)[index & CHUNK_MASK] = value;
  }
}
