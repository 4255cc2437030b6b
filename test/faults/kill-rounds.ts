import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, START, type Position, type ResolvedEvent } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { History, type AppendAttempt, type LoggedEvent, type Verdict } from './history.js';

/**
 * Kills the node without warning, again and again, while writers append, a subscriber follows and readers read; each
 * round goes on from what the last one left. What was in flight is retried, as our command runtime does: same ids, same
 * expected revision.
 */
export interface KillRounds {
  readonly directory: string;
  readonly kills: number;
  readonly writers: number;
  /** Milliseconds of load before a kill, drawn anew each round. */
  readonly loadMs: () => number;
  readonly segmentMib?: number;
  readonly onRound?: (round: number, node: EventStoreNode) => void;
  /** How the node's life ends; by default the process is killed. */
  readonly strike?: (node: EventStoreNode) => void;
  /** What has to happen before it can be started again. */
  readonly recover?: () => void;
}

export interface KillReport extends Verdict {
  readonly kills: number;
  readonly retriedAppends: number;
  readonly reopenMsMedian: number;
  readonly reopenMsLongest: number;
}

const CONTENDED_STREAM = 'contended';
/** Answers that were on their way when the node was killed may still arrive; later ones count as unknown. */
const LAST_ANSWERS_MS = 200;

/** A lane of appends to one stream, each behind the one before. */
interface Writer {
  readonly stream: string;
  revision: bigint;
  /** Sent before the kill and never answered. */
  pending: AppendAttempt | undefined;
}

interface Run {
  readonly options: KillRounds;
  readonly history: History;
  readonly writers: Writer[];
  seenUpTo: Position | undefined;
  retried: number;
}

/** One life of the node, as its clients see it. The client library leaves some calls of a dead node open for ever. */
interface Life {
  readonly client: EventStoreDBClient;
  /** Set just before the kill: nothing new is begun. */
  over: boolean;
  /** Nothing more will be answered. */
  readonly gone: Promise<undefined>;
}

export async function runKillRounds(options: KillRounds): Promise<KillReport> {
  const run: Run = {
    options,
    history: new History(),
    writers: Array.from({ length: options.writers }, (_, number) => ({ stream: `writer-${number}`, revision: -1n, pending: undefined })),
    seenUpTo: undefined,
    retried: 0,
  };
  const reopened: number[] = [];
  for (let round = 1; round <= options.kills; round += 1) {
    const node = await start(options);
    reopened.push(node.openMs);
    options.onRound?.(round, node);
    await loadUntilKilled(run, node);
  }
  const verdict = run.history.judge(await finalLog(run));
  reopened.sort((a, b) => a - b);
  return {
    kills: options.kills,
    retriedAppends: run.retried,
    reopenMsMedian: reopened[Math.floor(reopened.length / 2)] ?? 0,
    reopenMsLongest: reopened.at(-1) ?? 0,
    ...verdict,
  };
}

function start({ directory, segmentMib = 1 }: KillRounds): Promise<EventStoreNode> {
  return startEventStoreNode({ dir: directory, args: ['--segment-mib', String(segmentMib)] });
}

async function loadUntilKilled(run: Run, node: EventStoreNode): Promise<void> {
  const gone = node.exited.then(() => pause(LAST_ANSWERS_MS));
  const life: Life = { client: connect(node), over: false, gone };
  const load = Promise.all([
    follow(run, life),
    ...run.writers.map((writer) => write(run, life, writer)),
    contend(run, life),
    contend(run, life),
    lookAtEnds(run, life),
  ]);
  await Promise.race([pause(run.options.loadMs()), load]);
  life.over = true;
  run.options.strike?.(node);
  process.kill(node.pid, 'SIGKILL');
  await load;
  await Promise.race([life.client.dispose(), pause(LAST_ANSWERS_MS)]);
  run.options.recover?.();
}

/** Appends of one to five events, until one is not answered. */
async function write(run: Run, life: Life, writer: Writer): Promise<void> {
  if (writer.pending) run.retried += 1;
  while (!life.over) {
    const attempt = writer.pending ?? newAttempt(writer.stream, writer.revision);
    writer.pending = attempt;
    const outcome = await append(life, attempt);
    if (outcome === 'unknown') return;
    if (outcome === 'conflict') {
      run.history.contradicted(`${attempt.stream} is not at ${attempt.expected}, where its only writer left it`);
      writer.pending = undefined;
      const found = await lastRevision(run, life, writer.stream);
      if (found === undefined) return;
      writer.revision = found;
      continue;
    }
    run.history.acknowledged(attempt, outcome.revision, outcome.position);
    writer.revision = outcome.revision;
    writer.pending = undefined;
  }
}

/** Two of these on one stream: at every revision one of them loses. */
async function contend(run: Run, life: Life): Promise<void> {
  while (!life.over) {
    const revision = await lastRevision(run, life, CONTENDED_STREAM);
    if (revision === undefined) return;
    const attempt = newAttempt(CONTENDED_STREAM, revision);
    const outcome = await append(life, attempt);
    if (outcome === 'unknown') return run.history.leftUnknown(attempt);
    if (outcome === 'conflict') run.history.wasRefused(attempt);
    else run.history.acknowledged(attempt, outcome.revision, outcome.position);
  }
}

/** Reads the newest event of one stream after the other: what it shows must stay. */
async function lookAtEnds(run: Run, life: Life): Promise<void> {
  for (let turn = 0; !life.over; turn += 1) {
    const writer = run.writers[turn % run.writers.length] as Writer;
    if ((await lastRevision(run, life, writer.stream)) === undefined) return;
  }
}

/** Follows $all from where it was cut off until it is cut off again. */
async function follow(run: Run, { client, gone }: Life): Promise<void> {
  const subscription = client.subscribeToAll({ fromPosition: run.seenUpTo ?? START });
  subscription.on('data', (resolved: ResolvedEvent) => {
    const event = loggedEvent(resolved);
    run.history.wasSeen(event);
    run.seenUpTo = { commit: event.position, prepare: event.position };
  });
  subscription.on('error', () => undefined); // the kill
  await gone;
}

/** -1 for a stream without events; nothing when the node did not answer. */
async function lastRevision(run: Run, { client, gone }: Life, stream: string): Promise<bigint | undefined> {
  const read = async (): Promise<bigint | undefined> => {
    try {
      for await (const resolved of client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 })) {
        const event = loggedEvent(resolved);
        run.history.wasSeen(event);
        return event.revision;
      }
      return undefined;
    } catch (error) {
      return (error as { type?: string }).type === 'stream-not-found' ? -1n : undefined;
    }
  };
  return Promise.race([read(), gone]);
}

type Outcome = { readonly revision: bigint; readonly position: bigint } | 'conflict' | 'unknown';

async function append({ client, gone }: Life, { stream, expected, ids }: AppendAttempt): Promise<Outcome> {
  const events = ids.map((id) => jsonEvent({ id, type: 'Counted', data: { of: ids.length, padding: 'x'.repeat(200) } }));
  try {
    const expectedRevision = expected === -1n ? 'no_stream' : expected;
    const appending = client.appendToStream(stream, events, { expectedRevision });
    const result = await Promise.race([appending, gone]);
    if (!result?.position) return 'unknown';
    return { revision: result.nextExpectedRevision, position: result.position.commit };
  } catch (error) {
    return (error as { type?: string }).type === 'wrong-expected-version' ? 'conflict' : 'unknown';
  }
}

/** Everything there is, after the last unanswered appends have been retried once more. */
async function finalLog(run: Run): Promise<LoggedEvent[]> {
  const node = await start(run.options);
  const client = connect(node);
  const life: Life = { client, over: false, gone: node.exited.then(() => undefined) };
  for (const writer of run.writers) if (writer.pending) await settle(run, life, writer, writer.pending);
  const log: LoggedEvent[] = [];
  for await (const resolved of client.readAll()) {
    const event = loggedEvent(resolved);
    log.push(event);
  }
  await client.dispose();
  await node.stop();
  return log;
}

async function settle(run: Run, life: Life, writer: Writer, attempt: AppendAttempt): Promise<void> {
  const outcome = await append(life, attempt);
  if (outcome === 'unknown' || outcome === 'conflict') {
    return run.history.contradicted(`${writer.stream}: the last retry ended with ${outcome}`);
  }
  run.history.acknowledged(attempt, outcome.revision, outcome.position);
}

function loggedEvent({ event }: ResolvedEvent): LoggedEvent {
  if (!event?.position) throw new Error('an event has no position');
  return { stream: event.streamId, revision: event.revision, position: event.position.commit, id: event.id };
}

function newAttempt(stream: string, expected: bigint): AppendAttempt {
  const count = 1 + Math.floor(Math.random() * 5);
  return { stream, expected, ids: Array.from({ length: count }, () => randomUUID()) };
}

function connect(node: EventStoreNode): EventStoreDBClient {
  return EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
