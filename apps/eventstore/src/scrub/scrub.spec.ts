import fs from 'node:fs/promises';
import { flipBit, LogOnDisk } from '../../../../test/support/event-log.js';
import { RecordSource } from '../read/record-source.js';
import { DamagedLogError, type Damage } from '../storage/storage-errors.js';
import { startScrub, type Scrub, type ScrubPass } from './scrub.js';

const SEGMENT_BYTES = 2_000;
const PAUSE_MS = 1_000_000;
let disk: LogOnDisk;
let scrub: Scrub | undefined;
let damage: Damage[];
let waitedMs: number;
let nextPass: (() => void) | undefined;
let passed: ((pass: ScrubPass) => void) | undefined;

beforeEach(async () => {
  const written = await LogOnDisk.create(SEGMENT_BYTES);
  for (let batch = 0; batch < 12; batch += 1) await written.append(3);
  await written.close();
  disk = await LogOnDisk.open(written.directory, SEGMENT_BYTES);
  damage = [];
  waitedMs = 0;
  nextPass = undefined;
});

afterEach(async () => {
  await scrub?.stop();
  await disk.log.closeFiles();
  await disk.discard();
});

/** Waits between pieces take no time, the pause between two passes lasts until it is ended. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (milliseconds < PAUSE_MS) {
    waitedMs += milliseconds;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    nextPass = resolve;
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

async function passOf(begin: () => void): Promise<ScrubPass> {
  const pass = new Promise<ScrubPass>((resolve) => (passed = resolve));
  begin();
  return pass;
}

function firstPass(bytesPerSecond = 1_000_000): Promise<ScrubPass> {
  return passOf(() => {
    scrub = startScrub({
      log: disk.log,
      bytesPerSecond,
      pauseMs: PAUSE_MS,
      clock: { now: () => 0, monotonic: () => 0 },
      timers: { sleep, after: () => () => undefined },
      onDamage: (found) => damage.push(found),
      onPass: (pass) => passed?.(pass),
      onTrouble: (error) => {
        throw error;
      },
    });
  });
}

async function secondPass(): Promise<ScrubPass> {
  while (!nextPass) await Promise.resolve();
  return passOf(nextPass);
}

describe('the scrub', () => {
  it('reads all that is written and finds nothing wrong with a whole log', async () => {
    const size = disk.log.tail;
    const headers = disk.log.writtenSegments().length * 64;

    expect(await firstPass()).toEqual({ bytes: size - headers, seconds: 0, damaged: 0 });
    expect(damage).toEqual([]);
  });

  it('takes its time: no more bytes a second than it may', async () => {
    const { bytes } = await firstPass(1_000);
    expect(waitedMs).toBeCloseTo(bytes, 5);
  });

  it('tells of damage once, in which file and which bytes, and goes on with the others', async () => {
    const second = disk.log.writtenSegments()[1]?.file as string;
    await flipBit(disk.file(), disk.index.position(1) + 60);
    await flipBit(second, 80);
    expect(await firstPass()).toMatchObject({ damaged: 2 });
    expect(await secondPass()).toMatchObject({ damaged: 2 });

    const [position, next] = [disk.index.position(1), disk.index.position(2)];
    expect(damage).toEqual([
      { file: disk.file(), from: position, to: next, reason: 'what was written there fails its checksum' },
      { file: second, from: 64, to: 96, reason: 'what was written there fails its checksum' },
    ]);
  });

  it('notices a file that has become shorter, and one that is another', async () => {
    const [, second, third] = disk.log.writtenSegments();
    await fs.truncate(second?.file as string, 100);
    await flipBit(third?.file as string, 20);
    await firstPass();

    expect(damage.map(({ file, from }) => [file, from])).toEqual([
      [second?.file, 100],
      [second?.file, 96],
      [third?.file, 0],
    ]);
  });

  it('repairs nothing, and what is damaged is refused where it is read, by file and bytes', async () => {
    const position = disk.index.position(4);
    await flipBit(disk.file(), position + 60);
    const bytes = await fs.readFile(disk.file());
    await firstPass();

    expect(await fs.readFile(disk.file())).toEqual(bytes);
    const refusal = await new RecordSource(disk.log).record(position).catch((error: unknown) => error);
    expect((refusal as DamagedLogError).damage).toMatchObject(damage[0] ? { file: damage[0].file, from: damage[0].from } : {});
    expect((await new RecordSource(disk.log).record(disk.index.position(5))).revision).toBe(1);
  });
});
