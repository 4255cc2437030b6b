import { createHash } from 'node:crypto';
import {
  jsonEvent,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { Append, Line, SeenEvent } from '../checker/index.js';

/** Microseconds of the machine's monotonic clock, which all processes share. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** What a client was shown of an event; the digest covers all of it. */
export function seenEvent({ event }: ResolvedEvent): SeenEvent {
  if (!event?.position) throw new TypeError('an event has no position');
  const { streamId, revision, position, id, type, isJson, data, metadata, created } = event;
  const shown = JSON.stringify([type, isJson, data, metadata ?? null, created.getTime()]);
  const digest = createHash('sha256').update(shown).digest('base64url').slice(0, 16);
  return { stream: streamId, revision, position: position.commit, id, digest };
}

export interface Attempt {
  readonly stream: string;
  readonly expected: bigint;
  readonly ids: readonly string[];
}

export type Answer = { readonly revision: bigint; readonly position: bigint } | { readonly conflict: bigint } | 'unknown';

/** One life of a server: when it is gone, nothing more will be answered, though the client may wait for it for ever. */
export interface Connection {
  readonly client: EventStoreDBClient;
  readonly gone: Promise<undefined>;
}

/** Asks a server through the official client, one thing after the other, and writes down what was asked and answered. */
export class RecordedProc {
  private seq = 0;

  constructor(
    private readonly name: string,
    private readonly write: (line: Line) => void,
  ) {}

  async append({ client, gone }: Connection, attempt: Attempt): Promise<Answer> {
    const { stream, expected, ids } = attempt;
    const events = ids.map((id) => jsonEvent({ id, type: 'Counted', data: { of: ids.length, padding: 'x'.repeat(200) } }));
    const told = this.begin();
    const answer = await Promise.race([answerOf(client, stream, expected, events), gone]);
    const end = { op: 'append', ...told, t_done: microseconds() } as const;
    if (answer === undefined || answer === 'unknown') this.write({ ...end, type: 'info', value: attempt });
    else if ('conflict' in answer) this.write({ ...end, type: 'fail', value: { ...attempt, reason: 'conflict', actual: answer.conflict } });
    else this.write({ ...end, type: 'ok', value: { ...attempt, ...answer } } satisfies Append);
    return answer ?? 'unknown';
  }

  /** The newest event of a stream; -1 without events, nothing when there was no answer. */
  async lastRevision({ client, gone }: Connection, stream: string): Promise<bigint | undefined> {
    const told = this.begin();
    const reading = client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 });
    const { events, isWhole } = await collected(reading, gone);
    const value = { stream, direction: 'backwards', from: null, limit: 1, events } as const;
    this.write({ op: 'read-stream', ...told, t_done: microseconds(), type: isWhole ? 'ok' : 'fail', value });
    return isWhole ? (events[0]?.revision ?? -1n) : undefined;
  }

  async readStream({ client, gone }: Connection, stream: string, from: bigint, limit: number): Promise<readonly SeenEvent[]> {
    const told = this.begin();
    const { events, isWhole } = await collected(client.readStream(stream, { fromRevision: from, maxCount: limit }), gone);
    const value = { stream, direction: 'forwards', from, limit, events } as const;
    this.write({ op: 'read-stream', ...told, t_done: microseconds(), type: isWhole ? 'ok' : 'fail', value });
    return events;
  }

  async readAll({ client, gone }: Connection, from: bigint | null, limit: number): Promise<readonly SeenEvent[]> {
    const told = this.begin();
    const fromPosition = from === null ? START : { commit: from, prepare: from };
    const { events, isWhole } = await collected(client.readAll({ fromPosition, maxCount: limit }), gone);
    const value = { direction: 'forwards', from, limit, events } as const;
    this.write({ op: 'read-all', ...told, t_done: microseconds(), type: isWhole ? 'ok' : 'fail', value });
    return events;
  }

  /** Follows until the server is gone; answers where it came to. */
  async follow({ client, gone }: Connection, after: bigint | null, prefixes: readonly string[] | null): Promise<bigint | null> {
    const told = this.begin();
    const events: SeenEvent[] = [];
    const times: number[] = [];
    let caughtUp: number | null = null;
    const subscription: AllStreamSubscription = client.subscribeToAll({
      fromPosition: after === null ? START : { commit: after, prepare: after },
      ...(prefixes !== null && { filter: streamNameFilter({ prefixes: [...prefixes] }) }),
    });
    subscription.on('data', (resolved: ResolvedEvent) => {
      events.push(seenEvent(resolved));
      times.push(microseconds());
    });
    // Said by the client while events that came before may still wait in its buffer.
    subscription.on('caughtUp', () => (caughtUp ??= events.length + subscription.readableLength));
    subscription.on('error', () => undefined);
    await gone;
    const value = { after, prefixes, events, times, caughtUp };
    this.write({ op: 'subscribe', ...told, t_done: microseconds(), type: 'ok', value });
    return events.at(-1)?.position ?? after;
  }

  private begin(): { readonly proc: string; readonly seq: number; readonly t_invoke: number } {
    this.seq += 1;
    return { proc: this.name, seq: this.seq, t_invoke: microseconds() };
  }
}

async function answerOf(
  client: EventStoreDBClient,
  stream: string,
  expected: bigint,
  events: ReturnType<typeof jsonEvent>[],
): Promise<Answer> {
  try {
    const result = await client.appendToStream(stream, events, { expectedRevision: expected === -1n ? 'no_stream' : expected });
    return result.position === undefined ? 'unknown' : { revision: result.nextExpectedRevision, position: result.position.commit };
  } catch (error) {
    const { type, actualVersion } = error as { type?: string; actualVersion?: unknown };
    if (type !== 'wrong-expected-version') return 'unknown';
    return { conflict: typeof actualVersion === 'bigint' ? actualVersion : -1n };
  }
}

/** What was shown before the server was gone is shown, also when the rest is missing. */
async function collected(
  reading: AsyncIterable<ResolvedEvent>,
  gone: Promise<undefined>,
): Promise<{ readonly events: readonly SeenEvent[]; readonly isWhole: boolean }> {
  const events: SeenEvent[] = [];
  const read = async (): Promise<boolean> => {
    try {
      for await (const resolved of reading) events.push(seenEvent(resolved));
      return true;
    } catch (error) {
      return (error as { type?: string }).type === 'stream-not-found';
    }
  };
  const isWhole = (await Promise.race([read(), gone])) === true;
  return { events: [...events], isWhole };
}
