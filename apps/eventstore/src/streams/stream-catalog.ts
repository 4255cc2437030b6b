import type { EventIndex } from '../index/event-index.js';
import type { RecentIds } from '../index/recent-ids.js';
import type { RecordView } from '../storage/record.js';
import { readFrame } from '../storage/frame-reader.js';
import type { StreamFacts } from './expected-revision.js';
import {
  isMetastream,
  METASTREAM_METADATA,
  metastreamOf,
  NO_METADATA,
  originalStreamOf,
  parseStreamMetadata,
  TOMBSTONE_TYPE,
  type StreamMetadata,
} from './stream-metadata.js';

/** Which events count: a reader sees what is durable, the writer also what it has just added. */
export type Horizon = 'durable' | 'written';

const CACHED_METADATA = 10_000;

/** What is known about a stream by its name, from the index and from its newest metadata event. */
export class StreamCatalog {
  /** By number of the metadata stream; valid while its newest event is the one it was read from. */
  private readonly cache = new Map<number, { readonly ordinal: number; readonly metadata: StreamMetadata }>();

  constructor(
    private readonly index: EventIndex,
    private readonly recentIds: RecentIds,
    private readonly recordAt: (position: number) => RecordView,
  ) {}

  /** Number of a stream that has had an event, however it was written. */
  numberOf(stream: string): number | undefined {
    return this.index.streams.find(stream);
  }

  count(stream: string, horizon: Horizon): number {
    const number = this.index.streams.find(stream);
    if (number === undefined) return 0;
    return horizon === 'durable' ? this.index.committedCountIn(number) : this.index.countIn(number);
  }

  /** A tombstone is the last event of its stream, and takes the stream's metadata with it. */
  isTombstoned(stream: string, horizon: Horizon): boolean {
    const last = this.lastOrdinal(stream, horizon);
    if (last !== undefined && this.index.typeName(last) === TOMBSTONE_TYPE) return true;
    return isMetastream(stream) && this.isTombstoned(originalStreamOf(stream), horizon);
  }

  metadataOf(stream: string, horizon: Horizon): StreamMetadata {
    if (isMetastream(stream)) return METASTREAM_METADATA;
    const metastream = metastreamOf(stream);
    const ordinal = this.lastOrdinal(metastream, horizon);
    if (ordinal === undefined) return NO_METADATA;
    const number = this.index.streamNumber(ordinal);
    const cached = this.cache.get(number);
    if (cached?.ordinal === ordinal) return cached.metadata;
    const metadata = parseStreamMetadata(this.dataAt(ordinal));
    this.cache.set(number, { ordinal, metadata });
    if (this.cache.size > CACHED_METADATA) this.cache.clear();
    return metadata;
  }

  /** The text of the newest metadata event. */
  rawMetadataOf(stream: string, horizon: Horizon): string {
    const ordinal = this.lastOrdinal(metastreamOf(stream), horizon);
    return ordinal === undefined ? '' : this.dataAt(ordinal);
  }

  /** The facts a write is decided on. */
  factsOf(stream: string): StreamFacts {
    const number = this.index.streams.find(stream);
    const ordinalAt = (revision: number): number => this.index.ordinalIn(number ?? -1, revision);
    const { index, recentIds, recordAt } = this;
    return {
      revision: this.count(stream, 'written') - 1,
      tombstoned: this.isTombstoned(stream, 'written'),
      softDeleted: this.metadataOf(stream, 'written').softDeleted,
      hasMetadata: this.count(metastreamOf(stream), 'written') > 0,
      idAt: (revision) => recordAt(index.position(ordinalAt(revision))).id,
      recentRevisionOf: (id) => {
        const ordinal = recentIds.ordinalOf(id);
        if (ordinal === undefined || index.streamNumber(ordinal) !== number) return undefined;
        return recordAt(index.position(ordinal)).revision;
      },
    };
  }

  positionOf(stream: string, revision: number): number {
    const number = this.index.streams.find(stream);
    if (number === undefined) throw new RangeError(`there is no stream ${stream}`);
    return this.index.position(this.index.ordinalIn(number, revision));
  }

  private lastOrdinal(stream: string, horizon: Horizon): number | undefined {
    const number = this.index.streams.find(stream);
    const count = this.count(stream, horizon);
    return number === undefined || count === 0 ? undefined : this.index.ordinalIn(number, count - 1);
  }

  private dataAt(ordinal: number): string {
    return readFrame(this.recordAt(this.index.position(ordinal)).frame).data.toString('utf8');
  }
}
