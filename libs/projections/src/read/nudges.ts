import type { Log, Random, Timers } from '@daybook/kernel';
import pg, { type ClientConfig, type Pool } from 'pg';
import type { Commit } from '../live/lane-context.js';

/**
 * A nudge says that a commit has happened, so that waiting costs no polling. It is never the truth: it may be lost or
 * late, it is sent after the commit and outside of it (NOTIFY inside a writing transaction takes a lock on the whole
 * database), and whoever gets one looks at the tables.
 */
export interface Nudge extends Commit {
  readonly group: string;
}

/** 'lost': nudges may have been missed, look for yourself. */
export type NudgeListener = (nudge: Nudge | 'lost') => void;

export class Nudges {
  private readonly listeners = new Set<NudgeListener>();

  subscribe(listener: NudgeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(nudge: Nudge | 'lost'): void {
    for (const listener of this.listeners) listener(nudge);
  }
}

const CHANNEL = 'daybook_projections';

/** Sends at most one at a time; commits that happen meanwhile are told together. */
export class NudgeSender {
  private pending: Commit | null = null;
  private sending: Promise<void> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly group: string,
    private readonly log: Log,
  ) {}

  send(commit: Commit): void {
    this.pending = this.pending === null ? commit : together(this.pending, commit);
    this.sending ??= this.drain();
  }

  /** Until nothing is left to send. */
  async settled(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    try {
      while (this.pending !== null) {
        const payload = payloadOf(this.group, this.pending);
        this.pending = null;
        // The note itself need not survive a crash, so it does not wait for the disk.
        const text = `select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)`;
        await this.pool.query({ name: 'nudge', text, values: [CHANNEL, payload] });
      }
    } catch (error) {
      this.log.warn('a nudge was not sent, readers will find out by themselves', { reason: String(error) });
    } finally {
      this.sending = null;
    }
  }
}

export interface NudgeReceiverOptions {
  readonly connection: ClientConfig;
  readonly nudges: Nudges;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

const RECONNECT_MILLISECONDS_MAX = 2_000;

/** The one LISTEN session of a process. Connects again for as long as it is not closed. */
export class NudgeReceiver {
  private readonly closing = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly options: NudgeReceiverOptions) {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { nudges, timers, random, log } = this.options;
    while (!this.closing.signal.aborted) {
      try {
        await this.listen();
      } catch (error) {
        log.warn('the connection for nudges was lost', { reason: String(error) });
      }
      nudges.emit('lost');
      const pause = RECONNECT_MILLISECONDS_MAX * random.fraction();
      await timers.sleep(pause, this.closing.signal).catch(() => undefined);
    }
  }

  private async listen(): Promise<void> {
    const { signal } = this.closing;
    if (signal.aborted) return;
    const client = new pg.Client(this.options.connection);
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection ended')));
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // What goes wrong while connecting is told by connecting.
    ended.catch(() => undefined);
    client.on('notification', ({ payload }) => {
      const nudge = nudgeOf(payload ?? '');
      if (nudge !== null) this.options.nudges.emit(nudge);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.options.nudges.emit('lost');
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function together(earlier: Commit, later: Commit): Commit {
  return { ...later, touched: new Set([...earlier.touched, ...later.touched]) };
}

/** Three masks of 64 buckets each: far below the 8 000 bytes a payload may have. */
function payloadOf(group: string, { position, owned, touched, parked }: Commit): string {
  return [group, position.toString(16), mask(owned), mask(touched), mask(parked)].join(' ');
}

function nudgeOf(payload: string): Nudge | null {
  const [group, position, owned, touched, parked] = payload.split(' ');
  if (group === undefined || position === undefined || owned === undefined) return null;
  return {
    group,
    position: BigInt(`0x${position}`),
    owned: buckets(owned),
    touched: buckets(touched ?? '0'),
    parked: buckets(parked ?? '0'),
  };
}

function mask(set: ReadonlySet<number>): string {
  let bits = 0n;
  for (const bucket of set) bits |= 1n << BigInt(bucket);
  return bits.toString(16);
}

function buckets(hex: string): Set<number> {
  const set = new Set<number>();
  for (let bits = BigInt(`0x${hex}`), bucket = 0; bits > 0n; bits >>= 1n, bucket += 1) {
    if ((bits & 1n) === 1n) set.add(bucket);
  }
  return set;
}
