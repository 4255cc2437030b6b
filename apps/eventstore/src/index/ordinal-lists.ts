import { GrowingArray } from './growing-array.js';

const SMALLEST_BLOCK = 2;
const FIRST_POOL = 1024;

/**
 * One list of event ordinals a stream, all in one pool: a list that outgrows its block moves to one of twice the size
 * and leaves the old one for another list. Ten bytes an event, however many streams there are.
 */
export class OrdinalLists {
  private pool = new Uint32Array(FIRST_POOL);
  private poolEnd = 0;
  private readonly starts = new GrowingArray((length) => new Float64Array(length));
  private readonly counts = new GrowingArray((length) => new Uint32Array(length));
  private readonly capacities = new GrowingArray((length) => new Uint32Array(length));
  /** Freed blocks by their capacity. */
  private readonly free = new Map<number, number[]>();

  count(list: number): number {
    return list < this.counts.length ? this.counts.at(list) : 0;
  }

  at(list: number, index: number): number {
    if (index < 0 || index >= this.count(list)) throw new RangeError(`index ${index} of ${this.count(list)}`);
    return this.pool[this.starts.at(list) + index] as number;
  }

  /** Lists appear in order: `list` is at most one above the largest so far. */
  push(list: number, ordinal: number): void {
    if (list === this.counts.length) {
      this.starts.push(this.takeBlock(SMALLEST_BLOCK));
      this.counts.push(0);
      this.capacities.push(SMALLEST_BLOCK);
    }
    const count = this.counts.at(list);
    if (count === this.capacities.at(list)) this.grow(list, count);
    this.pool[this.starts.at(list) + count] = ordinal;
    this.counts.set(list, count + 1);
  }

  private grow(list: number, capacity: number): void {
    const old = this.starts.at(list);
    const start = this.takeBlock(capacity * 2);
    this.pool.copyWithin(start, old, old + capacity);
    const freed = this.free.get(capacity);
    if (freed) freed.push(old);
    else this.free.set(capacity, [old]);
    this.starts.set(list, start);
    this.capacities.set(list, capacity * 2);
  }

  private takeBlock(capacity: number): number {
    const reused = this.free.get(capacity)?.pop();
    if (reused !== undefined) return reused;
    const start = this.poolEnd;
    this.poolEnd += capacity;
    if (this.poolEnd > this.pool.length) {
      const larger = new Uint32Array(Math.max(this.poolEnd, Math.ceil(this.pool.length * 1.5)));
      larger.set(this.pool);
      this.pool = larger;
    }
    return start;
  }
}
