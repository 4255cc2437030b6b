import type { EventStore } from '@daybook/eventsourcing';
import { expenseEvent, familyStream } from './budget-group.js';

/** One append on its way: nanoseconds of the machine's monotonic clock. */
export interface Sent {
  readonly position: bigint;
  /** When it was due, not when it was sent: a late generator must not look like a fast system. */
  readonly due: bigint;
  readonly acknowledged: bigint;
}

export interface OpenLoopFigures {
  readonly sent: readonly Sent[];
  /** Share of arrivals that left more than five milliseconds late; above 0.01 the generator was the bottleneck. */
  readonly lateShare: number;
}

const TICK_MILLISECONDS = 1;
const LATE_NANOSECONDS = 5_000_000n;

/** Appends at a fixed rate, whatever the answers do; a stream has at most one append under way. */
export class OpenLoop {
  private readonly revisions: bigint[];
  private readonly idle: number[];
  private number = 0;

  constructor(
    private readonly store: EventStore,
    families: number,
  ) {
    this.revisions = Array.from({ length: families }, () => -1n);
    this.idle = Array.from({ length: families }, (_, family) => family);
  }

  /** A history to catch up with, appended in large steps. */
  async preload(events: number, perAppend = 100): Promise<void> {
    const lane = async (): Promise<void> => {
      while (this.number < events) {
        const family = this.idle.shift();
        if (family === undefined) throw new RangeError('more lanes than families');
        await this.append(family, Math.min(perAppend, events - this.number));
        this.idle.push(family);
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  }

  async run(
    appendsPerSecond: number,
    eventsPerAppend: number,
    seconds: number,
    onAcknowledged: (sent: Sent, stream: string, count: number) => void,
  ): Promise<OpenLoopFigures> {
    const count = Math.round(appendsPerSecond * seconds);
    const between = BigInt(Math.round(1e9 / appendsPerSecond));
    const start = process.hrtime.bigint() + 20_000_000n;
    const sent: Sent[] = [];
    const failures: unknown[] = [];
    const work: Promise<void>[] = [];
    let late = 0;
    for (let next = 0; next < count && failures.length === 0; ) {
      const now = process.hrtime.bigint();
      for (; next < count && start + BigInt(next) * between <= now; next += 1) {
        const due = start + BigInt(next) * between;
        if (now - due > LATE_NANOSECONDS) late += 1;
        const family = this.idle.shift();
        if (family === undefined) {
          failures.push(new RangeError(`every family has an append under way after ${next} appends: the store does not keep up`));
          break;
        }
        const one = this.append(family, eventsPerAppend).then((position) => {
          const at = { position, due, acknowledged: process.hrtime.bigint() };
          sent.push(at);
          onAcknowledged(at, familyStream(family), sent.length);
          this.idle.push(family);
        });
        work.push(one.catch((error: unknown) => void failures.push(error)));
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MILLISECONDS));
    }
    await Promise.all(work);
    if (failures.length > 0) throw failures[0];
    return { sent, lateShare: late / count };
  }

  private async append(family: number, events: number): Promise<bigint> {
    const recordedAt = new Date().toISOString();
    const batch = Array.from({ length: events }, () => expenseEvent(this.number++, recordedAt));
    const revision = this.revisions[family] ?? -1n;
    const { position } = await this.store.append(familyStream(family), batch, revision);
    this.revisions[family] = revision + BigInt(events);
    return position;
  }
}
