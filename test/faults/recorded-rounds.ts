import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import type { HistoryWriter, SeenEvent } from '../checker/index.js';
import { RecordedProc, seenEvent, type Attempt, type Connection } from './recorder.js';

/**
 * Writers, readers and followers on a node that is killed without warning, again and again. Nothing is judged here:
 * everything that was asked and answered is written down, and in the end the log.
 */
export interface RecordedRounds {
  readonly directory: string;
  readonly history: HistoryWriter;
  readonly kills: number;
  readonly writers: number;
  /** Milliseconds of load before a kill, drawn anew each round. */
  readonly loadMs: () => number;
}

const CONTENDED = 'contended';
/** Answers that were on their way when the node was killed may still arrive. */
const LAST_ANSWERS_MS = 200;
const READ_LIMIT = 50;
const EVENTS_IN_APPEND_MAX = 5;

interface Life extends Connection {
  /** Set just before the kill: nothing new is begun. */
  over: boolean;
}

/** A client that outlives the node: what it has not been answered it asks again. */
interface Writer {
  readonly proc: RecordedProc;
  readonly stream: string;
  revision: bigint;
  pending: Attempt | null;
}

interface Reader {
  readonly proc: RecordedProc;
  place: bigint | null;
}

interface Run {
  readonly writers: readonly Writer[];
  readonly pagers: readonly Reader[];
  readonly followers: readonly (Reader & { readonly prefixes: readonly string[] | null })[];
}

export async function recordRounds({ directory, history, kills, writers, loadMs }: RecordedRounds): Promise<void> {
  const proc = (name: string): RecordedProc => new RecordedProc(name, (line) => history.write(line));
  const run: Run = {
    writers: Array.from({ length: writers }, (_, number) => ({
      proc: proc(`writer-${number}`),
      // A third of them write to one stream, where only one can be right.
      stream: number % 3 === 0 ? CONTENDED : `own-${number}`,
      revision: -1n,
      pending: null,
    })),
    pagers: [{ proc: proc('pager'), place: null }],
    followers: [
      { proc: proc('follower'), place: null, prefixes: null },
      { proc: proc('filtered'), place: null, prefixes: ['own-1', CONTENDED] },
    ],
  };
  for (let round = 0; round < kills; round += 1) await loadUntilKilled(run, await start(directory), loadMs());
  const node = await start(directory);
  const client = connect(node);
  const life: Life = { client, over: false, gone: node.exited.then(() => undefined) };
  for (const writer of run.writers) if (writer.pending !== null) await write(writer, life, 1);
  const log: SeenEvent[] = [];
  for await (const resolved of client.readAll()) log.push(seenEvent(resolved));
  history.writeLog(log);
  await client.dispose();
  await node.stop();
}

async function loadUntilKilled(run: Run, node: EventStoreNode, milliseconds: number): Promise<void> {
  const life: Life = { client: connect(node), over: false, gone: node.exited.then(() => pause(LAST_ANSWERS_MS)) };
  const load = Promise.all([
    ...run.writers.map((writer) => write(writer, life, Infinity)),
    ...run.pagers.map((reader) => page(reader, life)),
    ...run.followers.map(async (reader) => {
      reader.place = await reader.proc.follow(life, reader.place, reader.prefixes);
    }),
  ]);
  await pause(milliseconds);
  life.over = true;
  process.kill(node.pid, 'SIGKILL');
  await load;
  await Promise.race([life.client.dispose(), pause(LAST_ANSWERS_MS)]);
}

/** Appends, and looks at what it has appended to, until something is not answered. */
async function write(writer: Writer, life: Life, appends: number): Promise<void> {
  for (let left = appends; left > 0 && !life.over; left -= 1) {
    const attempt = writer.pending ?? newAttempt(writer);
    writer.pending = attempt;
    const answer = await writer.proc.append(life, attempt);
    if (answer === 'unknown') return;
    writer.pending = null;
    writer.revision = 'conflict' in answer ? answer.conflict : answer.revision;
    if (life.over || Math.random() > 0.3) continue;
    const found = await writer.proc.lastRevision(life, writer.stream);
    if (found === undefined) return;
    writer.revision = found;
  }
}

/** Reads $all page by page, and between pages the newest part of a stream. */
async function page(reader: Reader, life: Life): Promise<void> {
  while (!life.over) {
    const events = await reader.proc.readAll(life, reader.place, READ_LIMIT);
    const last = events.at(-1);
    reader.place = last?.position ?? reader.place;
    // The streams of the system show their newest event only.
    if (last === undefined || last.stream.startsWith('$') || life.over) continue;
    const from = last.revision > BigInt(READ_LIMIT) ? last.revision - BigInt(READ_LIMIT / 2) : 0n;
    await reader.proc.readStream(life, last.stream, from, READ_LIMIT);
  }
}

function newAttempt({ stream, revision }: Writer): Attempt {
  const count = 1 + Math.floor(Math.random() * EVENTS_IN_APPEND_MAX);
  return { stream, expected: revision, ids: Array.from({ length: count }, () => randomUUID()) };
}

function start(directory: string): Promise<EventStoreNode> {
  return startEventStoreNode({ dir: directory, args: ['--segment-mib', '1'] });
}

function connect(node: EventStoreNode): EventStoreDBClient {
  return EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
