import { GrowingArray } from './growing-array.js';
import { NameTable } from './name-table.js';
import { OrdinalLists } from './ordinal-lists.js';

/**
 * Where every event is, in memory: by its ordinal in the log, and by stream and revision. The writer adds an event
 * when it is encoded; readers see it once `commit` has said that it is durable. About 30 bytes an event and no objects.
 */
export class EventIndex {
  readonly streams = new NameTable();
  readonly types = new NameTable();
  private readonly positions = new GrowingArray((length) => new Float64Array(length));
  private readonly streamOf = new GrowingArray((length) => new Uint32Array(length));
  private readonly typeOf = new GrowingArray((length) => new Uint32Array(length));
  private readonly byStream = new OrdinalLists();
  private committed = 0;

  /** Events that exist, durable or not. */
  get count(): number {
    return this.positions.length;
  }

  /** Events readers may see: ordinals below this. */
  get committedCount(): number {
    return this.committed;
  }

  add(stream: string, type: string, position: number): number {
    return this.addNumbered(this.streams.numberOf(stream), this.types.numberOf(type), position);
  }

  addNumbered(stream: number, type: number, position: number): number {
    const ordinal = this.positions.length;
    this.positions.push(position);
    this.streamOf.push(stream);
    this.typeOf.push(type);
    this.byStream.push(stream, ordinal);
    return ordinal;
  }

  commit(): void {
    this.committed = this.positions.length;
  }

  position(ordinal: number): number {
    return this.positions.at(ordinal);
  }

  streamNumber(ordinal: number): number {
    return this.streamOf.at(ordinal);
  }

  typeNumber(ordinal: number): number {
    return this.typeOf.at(ordinal);
  }

  typeName(ordinal: number): string {
    return this.types.nameOf(this.typeOf.at(ordinal));
  }

  /** Events of a stream, durable or not: the writer's view. */
  countIn(stream: number): number {
    return this.byStream.count(stream);
  }

  /** Events of a stream that readers may see. */
  committedCountIn(stream: number): number {
    let count = this.byStream.count(stream);
    while (count > 0 && this.byStream.at(stream, count - 1) >= this.committed) count -= 1;
    return count;
  }

  ordinalIn(stream: number, revision: number): number {
    return this.byStream.at(stream, revision);
  }

  /** The first ordinal whose position is at or above this one. */
  firstAtOrAfter(position: number): number {
    let low = 0;
    let high = this.positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positions.at(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
