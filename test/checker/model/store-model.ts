import type { SeenEvent } from '../history.js';
import type { Chance } from './chance.js';

/** Faults a store can have; each must be caught by the checker. */
export const BUGS = {
  'ack before sync': 'acknowledges what the next crash may take away',
  'publish before sync': 'shows readers what the next crash may take away',
  'duplicate on retry': 'stores a repeated append again when its first answer was lost',
  'late insert': 'sometimes puts an append behind the one before the last it has shown',
  'stale read': 'sometimes reads from a state of a while ago',
  'torn append': 'keeps a part of an append through a crash',
  'lost update': 'sometimes lets a second append take the place of the one before',
  'hidden success': 'sometimes stores an append and calls it a conflict',
  'false conflict': 'sometimes calls an append a conflict that is none',
  'rewritten by restart': 'answers with other bytes of some event after a restart',
  'skipped at the seam': 'a subscription misses an event between history and what happens now',
} as const;

export type Bug = keyof typeof BUGS;

export type Stored = { readonly revision: bigint; readonly position: bigint } | { readonly conflict: bigint };

const SOMETIMES = 0.05;

/** A store of a few lines, right unless it has a bug. Time is the caller's; an append takes effect when it is called. */
export class StoreModel {
  readonly log: SeenEvent[] = [];
  private readonly streams = new Map<string, SeenEvent[]>();
  private synced = 0;
  private position = 100n;

  constructor(
    private readonly chance: Chance,
    private readonly bug: Bug | null,
  ) {}

  append(stream: string, expected: bigint, ids: readonly string[]): Stored {
    const known = this.streams.get(stream) ?? [];
    const current = BigInt(known.length) - 1n;
    const repeated = known[Number(expected) + 1];
    if (repeated?.id === ids[0] && this.bug !== 'duplicate on retry') {
      return placeOf(known[Number(expected) + ids.length] ?? known.at(-1));
    }
    const replaces = this.has('lost update') && current === expected + 1n && ids.length === 1;
    if (replaces) this.drop(known[known.length - 1] as SeenEvent);
    const isRepeat = repeated?.id === ids[0];
    if (!replaces && !isRepeat && current !== expected) return { conflict: current };
    if (this.has('false conflict')) return { conflict: current };
    const events = ids.map((id) => this.store(stream, id));
    return this.has('hidden success') ? { conflict: current } : placeOf(events.at(-1));
  }

  /** What is behind every answer of a right store: nothing is shown or acknowledged before. */
  sync(): void {
    this.synced = this.log.length;
  }

  get waitsForSync(): boolean {
    return this.bug === 'ack before sync' || this.bug === 'publish before sync';
  }

  /** With the one bug of the two that touch sync, an answer still waits for the disk. */
  mayAcknowledge({ position }: { readonly position: bigint }): boolean {
    return this.bug !== 'publish before sync' || position <= (this.log[this.synced - 1]?.position ?? -1n);
  }

  visible(): readonly SeenEvent[] {
    if (this.bug === 'ack before sync') return this.log.slice(0, this.synced);
    return this.has('stale read') ? this.log.slice(0, -3) : this.log;
  }

  ofStream(stream: string): readonly SeenEvent[] {
    const events = this.streams.get(stream) ?? [];
    const isShown = ({ position }: SeenEvent): boolean => position <= (this.log[this.synced - 1]?.position ?? -1n);
    if (this.bug === 'ack before sync') return events.filter(isShown);
    return this.has('stale read') ? events.slice(0, -1) : events;
  }

  skips(): boolean {
    return this.has('skipped at the seam');
  }

  crash(): void {
    if (this.waitsForSync) while (this.log.length > this.synced) this.drop(this.log.at(-1) as SeenEvent);
    const last = this.log.at(-1);
    if (last === undefined) return;
    if (this.bug === 'torn append' && this.log.at(-2)?.stream === last.stream) this.drop(last);
    const older = this.log.at(-10) ?? last;
    if (this.bug === 'rewritten by restart') this.replace(older, { ...older, digest: `${older.digest}'` });
  }

  private has(bug: Bug): boolean {
    return this.bug === bug && this.chance.happens(SOMETIMES);
  }

  private store(stream: string, id: string): SeenEvent {
    const known = this.streams.get(stream) ?? [];
    this.position += BigInt(this.chance.between(50, 500));
    const event = { stream, revision: BigInt(known.length), position: this.position, id, digest: `digest of ${id}` };
    known.push(event);
    this.streams.set(stream, known);
    const before = this.log.at(-2);
    if (this.has('late insert') && before !== undefined && before.stream !== stream && this.log.at(-1)?.stream !== stream) {
      const late = { ...event, position: before.position + 1n };
      known[known.length - 1] = late;
      this.log.splice(-1, 0, late);
      return late;
    }
    this.log.push(event);
    return event;
  }

  private drop(event: SeenEvent): void {
    this.log.splice(this.log.lastIndexOf(event), 1);
    const known = this.streams.get(event.stream) ?? [];
    known.splice(known.lastIndexOf(event), 1);
  }

  private replace(event: SeenEvent, other: SeenEvent): void {
    this.log[this.log.lastIndexOf(event)] = other;
    const known = this.streams.get(event.stream) ?? [];
    known[known.lastIndexOf(event)] = other;
  }
}

function placeOf(event: SeenEvent | undefined): Stored {
  if (event === undefined) throw new RangeError('an append without events has no place');
  return { revision: event.revision, position: event.position };
}
