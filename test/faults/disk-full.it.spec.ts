import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EsdbStore, NO_EVENTS, OutcomeUnknownError, StoreFullError, StoreUnavailableError, type NewEvent } from '@daybook/eventsourcing';
import { systemTimers } from '@daybook/platform';
import {
  checkLog,
  EventStoreStartError,
  ExitCode,
  startEventStoreNode,
  type EventStoreNode,
} from '../../apps/eventstore/src/index.js';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';

const DISK_MIB = 32;
const MEBIBYTE = 2 ** 20;
const STREAM = 's-1';
const EVENT_TEXT = 'x'.repeat(300_000);

let disk: SmallDisk | undefined;
let store: EsdbStore | undefined;
let node: EventStoreNode | undefined;
let acknowledged: string[];

/** False where nobody may mount: the reason is printed, and counts as no proof. */
function hasDisk(): boolean {
  const mounted = mountSmallDisk(DISK_MIB);
  if ('skipped' in mounted) {
    process.stdout.write(`SKIP disk full: ${mounted.skipped}\n`);
    return false;
  }
  disk = mounted;
  return true;
}

beforeEach(() => {
  acknowledged = [];
});

afterEach(async () => {
  await store?.close();
  await node?.stop();
  disk?.discard();
  [store, node, disk] = [undefined, undefined, undefined];
});

describe('a node on a disk that fills up', () => {
  it('refuses appends at its reserve, reads on, and takes them again when there is room', async () => {
    if (!hasDisk()) return;
    fs.writeFileSync(ballast(), Buffer.alloc(8 * MEBIBYTE));
    await start(['--reserve-mib', '8']);
    const refusal = await appendUntilRefused();
    expect(refusal).toBeInstanceOf(StoreFullError);
    expect((refusal as Error).message).toContain('MiB are free');
    expect(freeMebibytes()).toBeGreaterThanOrEqual(6);
    expect(await idsStored()).toEqual(acknowledged);
    await expect(append()).rejects.toBeInstanceOf(StoreFullError);

    fs.rmSync(ballast());
    await append();
    expect(await idsStored()).toEqual(acknowledged);
  }, 60_000);

  it('ends where there is no reserve and no room, keeps what it has acknowledged, and starts again when there is', async () => {
    if (!hasDisk()) return;
    fs.writeFileSync(ballast(), Buffer.alloc(12 * MEBIBYTE));
    const first = await start(['--reserve-mib', '0']);
    expect(await appendUntilRefused()).toBeInstanceOf(OutcomeUnknownError);
    expect((await first.exited).code).toBe(ExitCode.DISK_FULL);
    fillUp();
    const refused: unknown = await start([]).catch((error: unknown) => error);
    if (refused instanceof EventStoreStartError) expect(refused.exitCode).toBe(ExitCode.DISK_FULL);
    else expect(await idsStored()).toEqual(expect.arrayContaining(acknowledged));
    await node?.stop();

    fs.rmSync(ballast());
    fs.rmSync(`${ballast()}-2`, { force: true });
    await start(['--reserve-mib', '0']);
    const stored = await idsStored();
    expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged);
    await append(BigInt(stored.length - 1));
    await store?.close();
    await node?.stop();
    expect((await checkLog(storeDirectory())).damage).toEqual([]);
  }, 60_000);
});

function storeDirectory(): string {
  return path.join((disk as SmallDisk).mountPoint, 'store');
}

function ballast(): string {
  return path.join((disk as SmallDisk).mountPoint, 'ballast');
}

/** Takes what little is left. */
function fillUp(): void {
  const fd = fs.openSync(`${ballast()}-2`, 'w');
  try {
    for (;;) fs.writeSync(fd, Buffer.alloc(65_536));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    fs.closeSync(fd);
  }
}

function freeMebibytes(): number {
  const { bavail, bsize } = fs.statfsSync((disk as SmallDisk).mountPoint);
  return (bavail * bsize) / MEBIBYTE;
}

async function start(args: readonly string[]): Promise<EventStoreNode> {
  await store?.close();
  node = undefined;
  node = await startEventStoreNode({ dir: storeDirectory(), args: ['--segment-mib', '4', ...args] });
  store = new EsdbStore({ url: `esdb://127.0.0.1:${node.port}?tls=false`, timers: systemTimers });
  return node;
}

async function append(expected = BigInt(acknowledged.length - 1)): Promise<void> {
  const event: NewEvent = { id: randomUUID(), type: 'Happened', data: { text: EVENT_TEXT }, metadata: {} };
  await (store as EsdbStore).append(STREAM, [event], expected < 0n ? NO_EVENTS : expected);
  acknowledged.push(event.id);
}

async function appendUntilRefused(): Promise<unknown> {
  for (;;) {
    const refusal: unknown = await append().catch((error: unknown) => error);
    if (refusal !== undefined && !(refusal instanceof StoreUnavailableError)) return refusal;
  }
}

async function idsStored(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of (store as EsdbStore).readStream(STREAM)) ids.push(id);
  return ids;
}
