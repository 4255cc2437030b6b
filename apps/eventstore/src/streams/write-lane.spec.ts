import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventIndex } from '../index/event-index.js';
import { RecentIds } from '../index/recent-ids.js';
import { openLog } from '../storage/open-log.js';
import type { SegmentedLog } from '../storage/segmented-log.js';
import { BatchWriter } from './batch-writer.js';
import { StreamCatalog } from './stream-catalog.js';
import { WriteLane } from './write-lane.js';
import type { WriteOutcome, WriteRequest } from './write-request.js';

let directory: string;
let log: SegmentedLog;
let index: EventIndex;
let lane: WriteLane;
let steps: string[];
let freeBytes: number | undefined;
let nextId: number;
let now: number;

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-lane-'));
  index = new EventIndex();
  const opened = await openLog({ directory, segmentBytes: 2_000, verify: false, onScannedRecord: () => undefined }, index);
  log = opened.log;
  steps = [];
  freeBytes = undefined;
  nextId = 0;
  now = 1_000_000;
  const recentIds = new RecentIds(100);
  const catalog = new StreamCatalog(index, recentIds, (position) => {
    return lane.unwrittenRecord(position) ?? log.readRecordNow(position);
  });
  const clock = { now: () => now, monotonic: () => now };
  const random = { fraction: () => 0, bytes: () => new Uint8Array(), uuid: newId };
  lane = new WriteLane({
    log,
    index,
    writer: new BatchWriter(index, catalog, recentIds, clock, random),
    reserve: { shortage: () => Promise.resolve(freeBytes), written: () => undefined },
    onCommit: () => steps.push(`commit ${index.committedCount}`),
    onFailure: (error) => steps.push(`failure ${(error as Error).message}`),
  });
});

afterEach(async () => {
  await log.closeFiles();
  await fs.rm(directory, { recursive: true, force: true });
});

function newId(): string {
  nextId += 1;
  return `00000000-0000-4000-8000-${String(nextId).padStart(12, '0')}`;
}

function appendOf(stream: string, revision: number, deadline?: number): WriteRequest {
  const event = { id: newId(), type: 'T', isJson: true, data: Buffer.from('{}'), metadata: Buffer.alloc(0) };
  return { kind: 'append', stream, expected: { kind: 'exact', revision }, events: [event], deadline };
}

function submit(request: WriteRequest): Promise<WriteOutcome> {
  return new Promise((resolve) => {
    lane.submit(request, (outcome) => {
      steps.push(`${request.kind} to ${request.stream}: ${outcome.kind}`);
      resolve(outcome);
    });
  });
}

/** Lets the disk work, but tells us when. */
function watchTheDisk(): void {
  const append = log.append.bind(log);
  jest.spyOn(log, 'append').mockImplementation(async (batch) => {
    steps.push('write');
    await append(batch);
    steps.push('synced');
  });
}

describe('the lane all writes go through', () => {
  it('answers, and shows readers, only what is synced: appends and refusals alike', async () => {
    watchTheDisk();
    await Promise.all([submit(appendOf('a', -1)), submit(appendOf('a', 0)), submit(appendOf('a', 7))]);
    expect(steps).toEqual([
      'write',
      'synced',
      'commit 2',
      'append to a: written',
      'append to a: written',
      'append to a: conflict',
    ]);
  });

  it('writes what has queued up during a sync as one batch', async () => {
    watchTheDisk();
    const first = submit(appendOf('a', -1));
    while (!steps.includes('write')) await Promise.resolve();
    const rest = [0, 1, 2, 3].map((number) => submit(appendOf(`b${number}`, -1)));
    await Promise.all([first, ...rest]);
    expect(steps.filter((step) => step === 'write')).toHaveLength(2);
  });

  it('answers nothing at all once a write has failed', async () => {
    jest.spyOn(log, 'append').mockRejectedValue(new Error('EIO'));
    void submit(appendOf('a', -1));
    void submit(appendOf('b', 5));
    while (steps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    void submit(appendOf('c', -1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual(['failure EIO']);
    expect(index.committedCount).toBe(0);
  });

  it('recognises a repeated append whose first attempt is in the same batch', async () => {
    const request = appendOf('a', -1);
    const [first, second] = await Promise.all([submit(request), submit(request)]);
    expect(second).toEqual(first);
    expect(index.count).toBe(1);
  });

  it('refuses to begin an append after its deadline', async () => {
    expect(await submit(appendOf('a', -1, now - 1))).toEqual({ kind: 'expired' });
    expect(await submit(appendOf('a', -1, now + 1))).toMatchObject({ kind: 'written' });
  });

  it('refuses everything below the disk reserve, and nothing above it', async () => {
    freeBytes = 5;
    expect(await submit(appendOf('a', -1))).toEqual({ kind: 'disk-reserve', freeBytes: 5 });
    freeBytes = undefined;
    expect(await submit(appendOf('a', -1))).toMatchObject({ kind: 'written', revision: 0 });
  });

  it('takes nothing more once it is closed, and has answered everything before', async () => {
    const last = submit(appendOf('a', -1));
    await lane.close();
    expect(await submit(appendOf('a', 0))).toEqual({ kind: 'stopping' });
    expect(await last).toMatchObject({ kind: 'written' });
    expect(steps).toEqual(['commit 1', 'append to a: written', 'append to a: stopping']);
  });

  it('continues a stream across segments', async () => {
    for (let revision = -1; revision < 30; revision += 1) await submit(appendOf('a', revision));
    const again = new EventIndex();
    const opened = await openLog({ directory, segmentBytes: 2_000, verify: true, onScannedRecord: () => undefined }, again);
    expect(again.countIn(again.streams.find('a') as number)).toBe(31);
    await opened.log.closeFiles();
  });
});
