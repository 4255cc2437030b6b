import type { Append, Line, Operation, SeenEvent } from '../history.js';
import { Agenda } from './agenda.js';
import { Chance } from './chance.js';
import { StoreModel, type Bug } from './store-model.js';

export interface Generated {
  readonly operations: number;
  readonly seed: number;
  readonly bug?: Bug | null;
  readonly procs?: number;
}

const PROCS = 24;
const OWN_STREAMS = 8;
const SHARED_STREAM = 'shared';
const EVENTS_IN_APPEND = 3;
const READ_LIMIT = 10;
const SESSION_EVENTS = 100;
const CALL_MICROS = 900;
const CRASH_EVERY_MICROS = 30_000;
const SYNC_EVERY_MICROS = 5_000;

interface Pending {
  readonly stream: string;
  readonly expected: bigint;
  readonly ids: readonly string[];
}

/** A client that does one thing after the other. */
interface Client {
  readonly name: string;
  readonly revisions: Map<string, bigint>;
  seq: number;
  /** Not answered yet: asked again with the same ids, as a command runtime does. */
  pending: Pending | null;
  place: bigint | null;
}

/** A history of a store that is right, or has one bug: clients append, read and follow while the store crashes. */
export function generate(options: Generated, write: (line: Line) => void): readonly SeenEvent[] {
  const made = new Generation(options, write);
  made.run();
  return made.store.log;
}

class Generation {
  readonly store: StoreModel;
  private readonly agenda = new Agenda();
  private readonly chance: Chance;
  private left: number;
  private ids = 0;
  /** Counts lives of the store: an answer of an earlier life never arrives. */
  private life = 0;

  constructor(
    private readonly options: Generated,
    private readonly write: (line: Line) => void,
  ) {
    this.chance = new Chance(options.seed);
    this.store = new StoreModel(this.chance, options.bug ?? null);
    this.left = options.operations;
  }

  run(): void {
    for (let number = 0; number < (this.options.procs ?? PROCS); number += 1) {
      this.next({ name: `p${number}`, revisions: new Map(), seq: 0, pending: null, place: null });
    }
    this.agenda.at(CRASH_EVERY_MICROS, () => this.crash());
    if (this.store.waitsForSync) this.agenda.at(SYNC_EVERY_MICROS, () => this.sync());
    this.agenda.run();
  }

  private crash(): void {
    this.life += 1;
    this.store.crash();
    if (this.left > 0) this.agenda.at(this.agenda.now + this.chance.between(1, 2 * CRASH_EVERY_MICROS), () => this.crash());
  }

  private sync(): void {
    this.store.sync();
    if (this.left > 0) this.agenda.at(this.agenda.now + SYNC_EVERY_MICROS, () => this.sync());
  }

  private next(client: Client): void {
    if (this.left <= 0 && client.pending === null) return;
    this.left -= 1;
    this.agenda.at(this.agenda.now + this.chance.between(1, CALL_MICROS), (invoke) => {
      const dice = this.chance.fraction();
      if (client.pending !== null || dice < 0.55) this.append(client, invoke);
      else if (dice < 0.7) this.readStream(client, invoke);
      else if (dice < 0.95) this.readAll(client, invoke);
      else this.follow(client, invoke);
    });
  }

  /** Something takes effect some time after it was asked for; its answer arrives later still, or not at all. */
  private call<Answer>(invoke: number, effect: () => Answer, end: (done: number, answer: Answer | null) => void): void {
    const { life } = this;
    this.agenda.at(invoke + this.chance.between(1, CALL_MICROS), (at) => {
      const answer = life === this.life ? effect() : null;
      this.agenda.at(at + this.chance.between(1, CALL_MICROS), (done) => end(done, life === this.life ? answer : null));
    });
  }

  private append(client: Client, invoke: number): void {
    const pending = client.pending ?? this.newAppend(client);
    client.pending = pending;
    this.call(invoke, () => this.store.append(pending.stream, pending.expected, pending.ids), (done, stored) => {
      const answer = stored !== null && 'position' in stored && !this.store.mayAcknowledge(stored) ? null : stored;
      const told = { op: 'append', ...this.told(client, invoke, done) } as const;
      if (answer === null) this.write({ ...told, type: 'info', value: pending });
      else if ('conflict' in answer) this.write({ ...told, type: 'fail', value: { ...pending, reason: 'conflict', actual: answer.conflict } });
      else this.write({ ...told, type: 'ok', value: { ...pending, ...answer } } satisfies Append);
      if (answer !== null) {
        client.pending = null;
        client.revisions.set(pending.stream, 'conflict' in answer ? answer.conflict : answer.revision);
      }
      this.next(client);
    });
  }

  private newAppend(client: Client): Pending {
    const stream = this.chance.happens(0.3) ? SHARED_STREAM : `${client.name}-${this.chance.between(1, OWN_STREAMS)}`;
    const ids = Array.from({ length: this.chance.between(1, EVENTS_IN_APPEND) }, () => `e${this.ids++}`);
    return { stream, expected: client.revisions.get(stream) ?? -1n, ids };
  }

  private readStream(client: Client, invoke: number): void {
    const stream = this.chance.happens(0.5) ? SHARED_STREAM : `${client.name}-1`;
    const backwards = this.chance.happens(0.5);
    const from = backwards ? null : (client.revisions.get(stream) ?? 0n);
    const read = (): readonly SeenEvent[] => {
      const events = this.store.ofStream(stream);
      return backwards ? events.slice(-READ_LIMIT).reverse() : events.slice(Math.max(0, Number(from)), Math.max(0, Number(from)) + READ_LIMIT);
    };
    this.call(invoke, read, (done, events) => {
      const direction = backwards ? 'backwards' : 'forwards';
      const value = { stream, direction, from, limit: READ_LIMIT, events: events ?? [] } as const;
      const [first] = value.events;
      if (backwards && first !== undefined) client.revisions.set(stream, first.revision);
      this.write({ op: 'read-stream', ...this.told(client, invoke, done), type: events === null ? 'fail' : 'ok', value });
      this.next(client);
    });
  }

  private readAll(client: Client, invoke: number): void {
    const from = client.place;
    this.call(invoke, () => this.after(from, READ_LIMIT, true), (done, events) => {
      const value = { direction: 'forwards', from, limit: READ_LIMIT, events: events ?? [] } as const;
      client.place = value.events.at(-1)?.position ?? client.place;
      this.write({ op: 'read-all', ...this.told(client, invoke, done), type: events === null ? 'fail' : 'ok', value });
      this.next(client);
    });
  }

  /** History at once, then what happens in portions, until the store crashes or it has been enough. */
  private follow(client: Client, invoke: number): void {
    const { life } = this;
    const from = client.place;
    const events: SeenEvent[] = [];
    const times: number[] = [];
    let caughtUp: number | null = null;
    const deliver = (now: number): void => {
      const isOver = life !== this.life || events.length >= SESSION_EVENTS || this.left <= 0;
      if (isOver) {
        const value = { after: from, prefixes: null, events, times, caughtUp };
        client.place = events.at(-1)?.position ?? client.place;
        const operation: Operation = { op: 'subscribe', ...this.told(client, invoke, now), type: 'ok', value };
        this.write(operation);
        return this.next(client);
      }
      const fresh = this.after(events.at(-1)?.position ?? from, SESSION_EVENTS, false);
      for (const event of caughtUp !== null && this.store.skips() ? fresh.slice(1) : fresh) {
        events.push(event);
        times.push(now);
      }
      if (caughtUp === null && fresh.length < SESSION_EVENTS) caughtUp = events.length;
      this.left -= 1;
      this.agenda.at(now + this.chance.between(1, 20 * CALL_MICROS), deliver);
    };
    this.agenda.at(invoke + this.chance.between(1, CALL_MICROS), deliver);
  }

  private after(position: bigint | null, limit: number, inclusive: boolean): readonly SeenEvent[] {
    const log = this.store.visible();
    let [low, high] = [0, log.length];
    while (position !== null && low < high) {
      const middle = (low + high) >> 1;
      const at = (log[middle] as SeenEvent).position;
      if (at < position || (!inclusive && at === position)) low = middle + 1;
      else high = middle;
    }
    return log.slice(low, low + limit);
  }

  private told(client: Client, t_invoke: number, t_done: number): { proc: string; seq: number; t_invoke: number; t_done: number } {
    client.seq += 1;
    return { proc: client.name, seq: client.seq, t_invoke, t_done };
  }
}
