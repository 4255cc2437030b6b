/**
 * Of things that have a place in an order and a time at which they were known: how far the furthest one is that was
 * known before some moment.
 */
export class Frontier {
  private readonly times: Float64Array;
  /** Index, in the order of places, of the furthest one up to each time. */
  private readonly furthest: Int32Array;

  /** `knownAt(index)` for the places 0 … count-1; Infinity for what was never known. */
  constructor(count: number, knownAt: (index: number) => number) {
    const known = Array.from({ length: count }, (_, index) => index).filter((index) => knownAt(index) !== Infinity);
    known.sort((one, other) => knownAt(one) - knownAt(other));
    this.times = Float64Array.from(known, knownAt);
    this.furthest = Int32Array.from(known);
    for (let index = 1; index < known.length; index += 1) {
      this.furthest[index] = Math.max(this.furthest[index] ?? -1, this.furthest[index - 1] ?? -1);
    }
  }

  /** -1 when nothing was known before that moment. */
  before(moment: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] ?? Infinity) < moment) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : (this.furthest[low - 1] ?? -1);
  }
}
