import type { EventIndex } from '../index/event-index.js';
import { BatchBuilder } from '../storage/batch.js';
import type { DiskReserve } from '../storage/disk-reserve.js';
import type { SegmentedLog } from '../storage/segmented-log.js';
import type { BatchWriter } from './batch-writer.js';
import type { WriteOutcome, WriteRequest } from './write-request.js';

interface QueuedWrite {
  readonly request: WriteRequest;
  readonly settle: (outcome: WriteOutcome) => void;
}

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
export class WriteLane {
  private queue: QueuedWrite[] = [];
  private running: Promise<void> | undefined;
  /** The batch being filled; only while `fill` runs. */
  private open: BatchBuilder | undefined;

  constructor(private readonly parts: WriteLaneParts) {}

  get waiting(): number {
    return this.queue.length;
  }

  get openBatch(): BatchBuilder | undefined {
    return this.open;
  }

  submit(request: WriteRequest, settle: (outcome: WriteOutcome) => void): void {
    this.queue.push({ request, settle });
    this.running ??= this.run();
  }

  /** All that has been submitted is settled. */
  async drained(): Promise<void> {
    while (this.running) await this.running;
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
    const settlements = freeBytes === undefined ? this.fill() : this.refuseAll(freeBytes);
    const batch = this.open;
    if (batch && batch.count > 0) {
      await log.append(batch.finish(log.previousCrc));
      this.open = undefined;
      index.commit();
      onCommit();
    }
    this.open = undefined;
    for (const settle of settlements) settle();
  }

  private fill(): (() => void)[] {
    const batch = new BatchBuilder(this.parts.log.tail);
    this.open = batch;
    const settlements: (() => void)[] = [];
    let taken = 0;
    for (const { request, settle } of this.queue) {
      if (batch.size >= BATCH_BYTES) break;
      const outcome = this.parts.writer.write(request, batch);
      settlements.push(() => settle(outcome));
      taken += 1;
    }
    this.queue = this.queue.slice(taken);
    return settlements;
  }

  private refuseAll(freeBytes: number): (() => void)[] {
    const refused = this.queue;
    this.queue = [];
    return refused.map(({ settle }) => () => settle({ kind: 'disk-reserve', freeBytes }));
  }
}
