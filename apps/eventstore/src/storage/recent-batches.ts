import { RecordView } from './record.js';

/** The newest batches as they were written, so that followers of the log and fresh streams cost no disk read. */
export class RecentBatches {
  private readonly batches: { readonly position: number; readonly bytes: Buffer }[] = [];
  private heldBytes = 0;

  constructor(private readonly capacityBytes: number) {}

  add(position: number, bytes: Buffer): void {
    this.batches.push({ position, bytes });
    this.heldBytes += bytes.length;
    let surplus = 0;
    while (this.heldBytes > this.capacityBytes && surplus < this.batches.length - 1) {
      this.heldBytes -= (this.batches[surplus] as { bytes: Buffer }).bytes.length;
      surplus += 1;
    }
    if (surplus > 0) this.batches.splice(0, surplus);
  }

  record(position: number): RecordView | undefined {
    const oldest = this.batches[0];
    if (!oldest || position < oldest.position) return undefined;
    let low = 0;
    let high = this.batches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.batches[middle] as { position: number }).position <= position) low = middle;
      else high = middle - 1;
    }
    const batch = this.batches[low] as { position: number; bytes: Buffer };
    return RecordView.at(batch.bytes, position - batch.position);
  }
}
