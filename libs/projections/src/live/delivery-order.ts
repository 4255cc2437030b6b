import type { EventStore, RecordedEvent } from '@daybook/eventsourcing';

const POSITIONS_REMEMBERED = 4_096;
const STREAMS_REMEMBERED = 16_384;

/** The subscription left an event out or brought it late: what it says from here on cannot be folded. */
export class DeliveryGapError extends Error {
  override readonly name = 'DeliveryGapError';
  constructor(
    readonly stream: string,
    readonly missing: bigint,
    message: string,
  ) {
    super(message);
  }
}

/** The missing event lies before the checkpoint: the rows lack it, and resuming would not bring it. */
export class SkippedEventError extends Error {
  override readonly name = 'SkippedEventError';
}

/**
 * Positions have gaps and say nothing about an event left out, but a stream's revisions have none. What was delivered
 * before is recognised and dropped; what is out of order ends the subscription.
 */
export class DeliveryOrder {
  private readonly recent = new Set<bigint>();
  private readonly revisions = new Map<string, bigint>();
  private reached: bigint;

  constructor(private readonly after: bigint) {
    this.reached = after;
  }

  /** False for an event that was delivered before. */
  accepts({ position, stream, revision }: RecordedEvent): boolean {
    if (position <= this.after || this.recent.has(position)) return false;
    const known = this.revisions.get(stream);
    const expected = known === undefined ? revision : known + 1n;
    if (position <= this.reached || revision !== expected) {
      const missing = revision > expected ? expected : revision;
      throw new DeliveryGapError(stream, missing, `${stream} came with ${revision} at ${position}, ${expected} was next`);
    }
    this.reached = position;
    this.remember(position, stream, revision);
    return true;
  }

  private remember(position: bigint, stream: string, revision: bigint): void {
    this.recent.add(position);
    this.revisions.delete(stream);
    this.revisions.set(stream, revision);
    const [oldestPosition = position] = this.recent;
    if (this.recent.size > POSITIONS_REMEMBERED) this.recent.delete(oldestPosition);
    const [oldestStream = stream] = this.revisions.keys();
    if (this.revisions.size > STREAMS_REMEMBERED) this.revisions.delete(oldestStream);
  }
}

/** Resuming from the checkpoint mends a gap that lies behind it; one that lies before it is lost for these rows. */
export async function assertNotSkipped(store: EventStore, gap: DeliveryGapError, checkpoint: bigint): Promise<void> {
  for await (const event of store.readStream(gap.stream, { from: gap.missing, maxCount: 1 })) {
    if (event.revision !== gap.missing || event.position > checkpoint) return;
    throw new SkippedEventError(`event ${event.revision} of ${event.stream} at ${event.position} was never delivered`);
  }
}
