import type { EventIndex } from '../index/event-index.js';
import type { RecordView } from '../storage/record.js';
import type { Call } from '../wire/call.js';
import type { RecordSource } from './record-source.js';

/** Enough to keep a connection busy, little enough to hold for each of many slow readers. */
const CHUNK_BYTES = 64 * 1024;

/** Collects stored frames into chunks and sends each only when the reader has taken the one before. */
export class EventSender {
  private chunk: Buffer[] = [];
  private chunkBytes = 0;

  constructor(
    private readonly call: Call,
    private readonly index: EventIndex,
    private readonly source: RecordSource,
  ) {}

  /** Waits only if the record has to be read or the reader has to catch up. */
  event(ordinal: number): Promise<void> | undefined {
    const position = this.index.position(ordinal);
    const record = this.source.recordNow(position);
    return record ? this.frame(record.frame) : this.loadAndSend(position);
  }

  /** The record itself, for callers that decide by its content. */
  async load(ordinal: number): Promise<RecordView> {
    const position = this.index.position(ordinal);
    return this.source.recordNow(position) ?? this.source.record(position);
  }

  frame(frame: Buffer): Promise<void> | undefined {
    this.chunk.push(frame);
    this.chunkBytes += frame.length;
    return this.chunkBytes >= CHUNK_BYTES ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.chunkBytes === 0) return;
    const bytes = Buffer.concat(this.chunk, this.chunkBytes);
    this.chunk = [];
    this.chunkBytes = 0;
    await this.call.sendAndDrain(bytes);
  }

  private async loadAndSend(position: number): Promise<void> {
    await this.frame((await this.source.record(position)).frame);
  }
}
