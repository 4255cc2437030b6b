import type { EventIndex } from '../index/event-index.js';
import { BatchBuilder } from '../storage/batch.js';
import type { RecordView } from '../storage/record.js';
import type { DiskReserve } from '../storage/disk-reserve.js';
import type { SegmentedLog } from '../storage/segmented-log.js';
import type { BatchWriter } from './batch-writer.js';
import { sizeOf } from './proposed-event.js';
import type { WriteOutcome, WriteRequest, Writes } from './write-request.js';

interface QueuedWrite {
  readonly request: WriteRequest;
  readonly settle: (outcome: WriteOutcome) => void;
}

/** What may wait to be written; a slow disk costs this much memory and no more. */
const QUEUE_BYTES = 128 * 1024 * 1024;
/** Above this a batch is written even if more is waiting: it bounds how long the first of it waits. */
const BATCH_BYTES = 4 * 1024 * 1024;

export interface WriteLaneParts {
  readonly log: SegmentedLog;
  readonly index: EventIndex;
  readonly writer: BatchWriter;
  readonly reserve: DiskReserve;
  /** Readers may look: everything in the index is durable. */
  readonly onCommit: () => void;
  /** A write or sync has failed: nobody knows what is on the disk, so nothing may be answered any more. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The one writer. What has queued up while a batch was being synced becomes the next batch: one write, one sync, then
 * the answers and the readers, in this order.
 */
export class WriteLane implements Writes {
  private queue: QueuedWrite[] = [];
  private queuedBytes = 0;
  private closed = false;
  private running: Promise<void> | undefined;
  private readonly batch = new BatchBuilder();

  constructor(private readonly parts: WriteLaneParts) {}

  /** An event that is in the batch being filled, and nowhere else yet. */
  unwrittenRecord(position: number): RecordView | undefined {
    return position < this.parts.log.tail ? undefined : this.batch.record(position);
  }

  submit(request: WriteRequest, settle: (outcome: WriteOutcome) => void): void {
    if (this.closed) return settle({ kind: 'stopping' });
    const bytes = bytesOf(request);
    if (this.queuedBytes + bytes > QUEUE_BYTES) return settle({ kind: 'overloaded' });
    this.queuedBytes += bytes;
    this.queue.push({ request, settle });
    this.running ??= this.run();
  }

  /** Takes nothing more and waits until all that was submitted is settled. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await Promise.resolve(); // what arrives in the same turn joins the batch
      while (this.queue.length > 0) await this.writeBatch();
    } catch (error) {
      this.parts.onFailure(error);
      await new Promise(() => undefined); // nothing is settled after a failure
    } finally {
      this.running = undefined;
    }
  }

  private async writeBatch(): Promise<void> {
    const { log, index, reserve, onCommit } = this.parts;
    await log.rollIfFull();
    const freeBytes = await reserve.shortage();
    this.batch.begin(log.tail);
    const settlements = freeBytes === undefined ? this.fill() : this.refuseAll(freeBytes);
    if (this.batch.count > 0) {
      await log.append(this.batch.finish(log.previousCrc));
      reserve.written(this.batch.size);
      index.commit();
      onCommit();
    }
    for (const settle of settlements) settle();
  }

  private fill(): (() => void)[] {
    const settlements: (() => void)[] = [];
    let taken = 0;
    for (const { request, settle } of this.queue) {
      if (this.batch.size >= BATCH_BYTES) break;
      const outcome = this.parts.writer.write(request, this.batch);
      settlements.push(() => settle(outcome));
      this.queuedBytes -= bytesOf(request);
      taken += 1;
    }
    this.queue = this.queue.slice(taken);
    return settlements;
  }

  private refuseAll(freeBytes: number): (() => void)[] {
    const refused = this.queue;
    this.queue = [];
    this.queuedBytes = 0;
    return refused.map(({ settle }) => () => settle({ kind: 'disk-reserve', freeBytes }));
  }
}

function bytesOf(request: WriteRequest): number {
  if (request.kind !== 'append') return 0;
  return request.events.reduce((bytes, event) => bytes + sizeOf(event), 0);
}
