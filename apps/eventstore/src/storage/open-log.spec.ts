import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { EventIndex } from '../index/event-index.js';
import { BatchBuilder } from './batch.js';
import { openLog, type OpenedLog } from './open-log.js';
import { indexFileName, SEGMENT_HEADER_BYTES, segmentFileName, segmentHeader } from './segment.js';
import { DamagedLogError, NewerFormatError } from './storage-errors.js';

const SEGMENT_BYTES = 64 * 1024;
const CREATED = 1_775_000_000_000;

let directory: string;
let opened: OpenedLog[];

beforeEach(async () => {
  opened = [];
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-log-'));
});

afterEach(async () => {
  for (const { log } of opened) await log.closeFiles();
  await fs.rm(directory, { recursive: true, force: true });
});

interface OpenedForTest extends OpenedLog {
  readonly index: EventIndex;
  readonly scanned: number;
}

async function open(options: { segmentBytes?: number; verify?: boolean } = {}): Promise<OpenedForTest> {
  const index = new EventIndex();
  let scanned = 0;
  const result = await openLog(
    {
      directory,
      segmentBytes: options.segmentBytes ?? SEGMENT_BYTES,
      verify: options.verify ?? false,
      onScannedRecord: () => (scanned += 1),
    },
    index,
  );
  opened.push(result);
  return { ...result, index, scanned };
}

/** Appends one batch of events to streams `s-0`, `s-1`, … as the writer would. */
async function append({ log, index }: OpenedForTest, count: number, dataBytes = 40): Promise<void> {
  await log.rollIfFull();
  const batch = new BatchBuilder();
  batch.begin(log.tail);
  for (let at = 0; at < count; at += 1) {
    const stream = `s-${at % 3}`;
    const number = index.streams.find(stream);
    const revision = number === undefined ? 0 : index.countIn(number);
    const position = batch.add(
      {
        id: `00000000-0000-4000-8000-${String(index.count).padStart(12, '0')}`,
        streamName: Buffer.from(stream),
        type: Buffer.from(`T${at % 2}`),
        isJson: true,
        revision,
        created: CREATED,
        data: Buffer.alloc(dataBytes, 'd'),
        metadata: Buffer.alloc(0),
      },
      revision,
    );
    index.add(stream, `T${at % 2}`, position);
  }
  await log.append(batch.finish(log.previousCrc));
  index.commit();
}

function describeIndex({ index, log }: OpenedForTest): string[] {
  return Array.from({ length: index.count }, (_, ordinal) => {
    const record = log.readRecordNow(index.position(ordinal));
    const stream = index.streams.nameOf(index.streamNumber(ordinal));
    expect([record.streamName, record.type]).toEqual([stream, index.typeName(ordinal)]);
    return `${index.position(ordinal)} ${stream} ${record.revision} ${record.type} ${record.id}`;
  });
}

const logFile = (base = 0): string => path.join(directory, segmentFileName(base));
const indexFile = (base = 0): string => path.join(directory, indexFileName(base));

async function stop({ log }: OpenedForTest): Promise<void> {
  opened = opened.filter((other) => other.log !== log);
  await log.close();
}

async function flipBit(file: string, offset: number): Promise<void> {
  const bytes = await fs.readFile(file);
  bytes[offset] = (bytes[offset] as number) ^ 0x10;
  await fs.writeFile(file, bytes);
}

describe('a log that is opened again', () => {
  it('has every event it had, whether it was stopped cleanly or killed', async () => {
    const first = await open();
    await append(first, 5);
    await append(first, 7);
    const written = describeIndex(first);

    const afterKill = await open();
    expect(afterKill.scanned).toBe(12);
    expect(describeIndex(afterKill)).toEqual(written);
    await stop(afterKill);

    const afterStop = await open();
    expect(afterStop.scanned).toBe(0);
    expect(describeIndex(afterStop)).toEqual(written);
  });

  it('reads only what its index does not cover', async () => {
    const first = await open();
    await append(first, 10);
    await stop(first);
    const second = await open();
    await append(second, 4);

    expect((await open()).scanned).toBe(4);
  });

  it('does not trust a damaged index, and builds it again', async () => {
    const first = await open();
    await append(first, 6);
    await stop(first);
    for (const offset of [0, 9, 14, 20, 60]) {
      await flipBit(indexFile(), offset);
      const again = await open();
      expect(again.scanned).toBe(6);
      await stop(again);
    }
  });

  it('goes on in a new segment when one is full, and finds all of them again', async () => {
    const first = await open({ segmentBytes: 2_000 });
    for (let batch = 0; batch < 10; batch += 1) await append(first, 3);
    const written = describeIndex(first);
    await stop(first);
    const files = (await fs.readdir(directory)).filter((name) => name.endsWith('.log'));
    expect(files.length).toBeGreaterThan(3);

    const second = await open({ segmentBytes: 2_000 });
    expect(second.scanned).toBe(0);
    expect(describeIndex(second)).toEqual(written);
  });

  it('can be told to check every byte instead of trusting the index', async () => {
    const first = await open({ segmentBytes: 2_000 });
    for (let batch = 0; batch < 10; batch += 1) await append(first, 3);
    await stop(first);
    expect((await open({ verify: true })).scanned).toBe(30);

    await flipBit(logFile(), 300);
    await expect(open({ verify: true })).rejects.toThrow(DamagedLogError);
  });

  it('begins again when the crash was in the creation of a segment', async () => {
    const first = await open({ segmentBytes: 1_000 });
    await append(first, 6);
    const end = first.log.tail;
    for (const headerBytes of [0, 1, SEGMENT_HEADER_BYTES - 1]) {
      await fs.writeFile(logFile(end), segmentHeader(end, first.log.previousCrc).subarray(0, headerBytes));
      const again = await open();
      expect(again.index.count).toBe(6);
      expect(again.log.tail).toBe(end + SEGMENT_HEADER_BYTES);
      await fs.rm(logFile(end));
    }
  });
});

describe('a write that was cut off', () => {
  it('is removed wherever it was cut, and nothing before it', async () => {
    const first = await open();
    await append(first, 2);
    const durable = first.log.tail;
    await append(first, 1, 10);
    const whole = await fs.readFile(logFile());

    for (let cut = durable + 1; cut < whole.length; cut += 1) {
      await fs.writeFile(logFile(), whole.subarray(0, cut));
      const again = await open();
      expect([again.index.count, again.tornBytes, again.log.tail]).toEqual([2, cut - durable, durable]);
      expect((await fs.stat(logFile())).size).toBe(durable);
    }
  });

  it('is removed whatever part of it did not reach the disk', async () => {
    const first = await open();
    await append(first, 2);
    const durable = first.log.tail;
    await append(first, 3, 10);
    const whole = await fs.readFile(logFile());

    for (let hole = durable; hole < whole.length; hole += 16) {
      const holed = Buffer.from(whole);
      holed.fill(0, hole, Math.min(hole + 16, whole.length));
      if (holed.equals(whole)) continue;
      await fs.writeFile(logFile(), holed);
      expect((await open()).index.count).toBe(2);
    }
  });

  it('leaves a log that can be appended to', async () => {
    const first = await open();
    await append(first, 2);
    await append(first, 2);
    await fs.truncate(logFile(), first.log.tail - 1);

    const second = await open();
    await append(second, 3);
    expect((await open()).index.count).toBe(5);
  });
});

describe('a damaged log', () => {
  it('is refused, with file and range, wherever a bit of a durable batch has flipped', async () => {
    const first = await open();
    await append(first, 1, 10);
    const begin = first.log.tail;
    await append(first, 2, 10);
    const end = first.log.tail;
    await append(first, 1, 10);
    const whole = await fs.readFile(logFile());

    for (let offset = begin; offset < end; offset += 5) {
      await fs.writeFile(logFile(), whole);
      await flipBit(logFile(), offset);
      const refusal = await open().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DamagedLogError);
      expect(String(refusal)).toContain(`${segmentFileName(0)} is damaged in bytes ${begin}`);
    }
    expect((await fs.stat(logFile())).size).toBe(whole.length);
  });

  it('is refused when a sealed segment is cut short, missing, or an older copy', async () => {
    const first = await open({ segmentBytes: 1_000 });
    await append(first, 3);
    const older = await fs.readFile(logFile());
    await append(first, 3);
    await append(first, 3);
    await append(first, 3);
    const bases = (await fs.readdir(directory)).filter((name) => name.endsWith('.log')).sort();
    const sealed = path.join(directory, bases[0] as string);
    const whole = await fs.readFile(sealed);
    await stop(first); // the index of a sealed segment is written in the background
    await fs.rm(indexFile());

    await fs.writeFile(sealed, older);
    await expect(open()).rejects.toThrow('do not meet');
    await fs.writeFile(sealed, whole.subarray(0, whole.length - 3));
    await expect(open()).rejects.toThrow(DamagedLogError);
    await fs.rm(sealed);
    await expect(open()).rejects.toThrow('missing');
  });

  it('is refused when another log has been put in the place of a segment', async () => {
    const first = await open({ segmentBytes: 1_000 });
    await append(first, 4);
    const foreign = await fs.readFile(logFile());
    await fs.rm(directory, { recursive: true });
    await fs.mkdir(directory);
    const second = await open({ segmentBytes: 1_000 });
    await append(second, 4, 41);
    await append(second, 2);
    await stop(second);
    await fs.rm(indexFile());

    await fs.writeFile(logFile(), foreign);
    await expect(open()).rejects.toThrow(DamagedLogError);
  });

  it('is refused when it is shorter than at its last clean stop', async () => {
    const first = await open();
    await append(first, 3);
    const end = first.log.tail;
    await stop(first);
    for (const size of [0, 1, SEGMENT_HEADER_BYTES, end - 1]) {
      const whole = await fs.readFile(logFile());
      await fs.truncate(logFile(), size);
      await expect(open()).rejects.toThrow(DamagedLogError);
      await fs.writeFile(logFile(), whole);
    }
    await fs.rm(logFile());
    await expect(open()).rejects.toThrow('missing');
  });

  it('is refused by an older program without being touched', async () => {
    await open();
    const header = segmentHeader(0, 0);
    header.writeUInt32LE(2, 8);
    header.writeUInt32LE(crc32(header.subarray(0, 60)), 60);
    await fs.writeFile(logFile(), header);
    await expect(open()).rejects.toThrow(NewerFormatError);
  });

  it('is refused, and left as it is, when a bit of what was there at the clean stop has flipped', async () => {
    const first = await open();
    await append(first, 2, 10);
    const begin = first.log.tail;
    await append(first, 2, 10);
    const end = first.log.tail;
    await stop(first);
    const whole = await fs.readFile(logFile());

    for (const verify of [false, true]) {
      for (let offset = begin; offset < end; offset += offset < end - 5 ? 5 : 1) {
        await fs.writeFile(logFile(), whole);
        await flipBit(logFile(), offset);
        const refusal = await open({ verify }).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(DamagedLogError);
        expect(String(refusal)).toContain(`${segmentFileName(0)} is damaged in bytes ${begin} to ${end}`);
        expect((await fs.stat(logFile())).size).toBe(whole.length);
      }
    }
  });

  it('is refused for a flipped bit before the clean end, and loses only what is torn behind that end', async () => {
    const first = await open();
    await append(first, 2);
    await stop(first);
    const second = await open();
    const cleanEnd = second.log.tail;
    await append(second, 2);
    await fs.truncate(logFile(), second.log.tail - 1);
    const torn = await fs.readFile(logFile());

    for (const verify of [false, true]) {
      await fs.writeFile(logFile(), torn);
      await flipBit(logFile(), cleanEnd - 1);
      await expect(open({ verify })).rejects.toThrow(DamagedLogError);
      await fs.writeFile(logFile(), torn);
      const again = await open({ verify });
      expect([again.index.count, again.log.tail]).toEqual([2, cleanEnd]);
    }
  });

  it('is refused when the last batch of a sealed segment has a flipped bit', async () => {
    const first = await open({ segmentBytes: 1_000 });
    await append(first, 6);
    const sealedEnd = first.log.tail;
    await append(first, 2);
    await stop(first);
    await flipBit(logFile(), sealedEnd - 1);
    await expect(open()).rejects.toThrow(`${segmentFileName(0)} is damaged`);
  });

  it('never gives out a record that fails its checksum', async () => {
    const first = await open();
    await append(first, 3);
    await append(first, 1);
    await stop(first);
    const position = first.index.position(1);
    await flipBit(logFile(), position + 100);

    const second = await open();
    expect(() => second.log.readRecordNow(position)).toThrow(DamagedLogError);
  });
});
