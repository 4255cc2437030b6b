import fs from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { damageFile, flipBit, LogOnDisk } from '../../../../test/support/event-log.js';
import { BATCH_HEADER_BYTES } from '../storage/batch.js';
import { SEGMENT_HEADER_BYTES, segmentHeader } from '../storage/segment.js';
import { NewerFormatError } from '../storage/storage-errors.js';
import { checkLog, UnreadableLogError } from './check-log.js';

const SEGMENT_BYTES = 2_000;
let disk: LogOnDisk;

beforeEach(async () => {
  disk = await LogOnDisk.create(SEGMENT_BYTES);
});

afterEach(() => disk.discard());

/** Three segments, several batches each, stopped cleanly. */
async function writeLog(): Promise<{ events: number; bases: number[] }> {
  while ((await bases()).length < 3) await disk.append(3);
  await disk.append(2);
  const events = disk.index.count;
  await disk.close();
  return { events, bases: await bases() };
}

async function bases(): Promise<number[]> {
  const names = (await fs.readdir(disk.directory)).filter((name) => name.endsWith('.log'));
  return names.map((name) => Number(name.slice(0, -4))).sort((a, b) => a - b);
}

async function damageFound(): Promise<string[]> {
  const { damage } = await checkLog(disk.directory);
  return damage.map(({ file, from, to, reason }) => `${file.slice(disk.directory.length + 1)} ${from}-${to} ${reason}`);
}

describe('a log that is whole', () => {
  it('passes, is counted, and is left as it is', async () => {
    const { events } = await writeLog();
    const before = await contents();
    const seen: number[] = [];
    const check = await checkLog(disk.directory, { onRecord: (_, position) => seen.push(position) });

    expect(check).toMatchObject({ segments: 3, events, streams: 3, tornBytes: 0, damage: [], notes: [] });
    expect(seen).toEqual(Array.from({ length: events }, (_, ordinal) => disk.index.position(ordinal)));
    expect(await contents()).toEqual(before);
  });

  it('says how far it is, up to all bytes', async () => {
    await writeLog();
    const steps: [number, number][] = [];
    const { bytes } = await checkLog(disk.directory, { onProgress: (done, total) => steps.push([done, total]) });

    expect(steps.at(-1)).toEqual([bytes, bytes]);
    expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).sort((a, b) => a - b));
  });

  it('may end with a write that was cut off after the last clean stop', async () => {
    await writeLog();
    const again = await LogOnDisk.open(disk.directory, SEGMENT_BYTES * 10);
    await again.append(2);
    const file = again.file((await bases()).at(-1));
    await again.log.closeFiles();
    await fs.truncate(file, (await fs.stat(file)).size - 5);
    const { damage, tornBytes } = await checkLog(disk.directory);

    expect(damage).toEqual([]);
    expect(tornBytes).toBeGreaterThan(0);
  });

  it('needs no index, and says that one is missing', async () => {
    await writeLog();
    await fs.rm(disk.indexFile());
    expect(await checkLog(disk.directory)).toMatchObject({ damage: [], notes: [expect.stringContaining('not there')] });
  });

  async function contents(): Promise<string[]> {
    const names = (await fs.readdir(disk.directory)).filter((name) => name !== 'lock').sort();
    return Promise.all(names.map(async (name) => `${name} ${crc32(await fs.readFile(`${disk.directory}/${name}`))}`));
  }
});

describe('a log that is damaged', () => {
  it('is found out by any flipped bit of any segment, and the bytes named hold it', async () => {
    const { bases: all } = await writeLog();
    for (const base of all) {
      const whole = await fs.readFile(disk.file(base));
      for (let offset = 0; offset < whole.length; offset += 7) {
        await flipBit(disk.file(base), offset);
        const { damage } = await checkLog(disk.directory);
        const named = damage.some(({ file, from, to }) => file === disk.file(base) && from <= offset && offset < to);
        expect({ base, offset, named, damage: named ? [] : damage }).toEqual({ base, offset, named: true, damage: [] });
        await damageFile(disk.file(base), offset, whole.subarray(offset, offset + 1));
      }
    }
  });

  it('names one event where one event is broken, and the header of a batch where that is', async () => {
    await writeLog();
    const [first, second] = [disk.index.position(0), disk.index.position(1)];
    await flipBit(disk.file(), first + 60);
    expect(await damageFound()).toEqual([`${file(0)} ${first}-${second} what was written there fails its checksum`]);

    await flipBit(disk.file(), first + 60);
    await flipBit(disk.file(), SEGMENT_HEADER_BYTES + 25);
    const end = SEGMENT_HEADER_BYTES + BATCH_HEADER_BYTES;
    expect(await damageFound()).toEqual([
      `${file(0)} ${SEGMENT_HEADER_BYTES}-${end} what was written there fails its checksum`,
    ]);
  });

  it('has every damaged place named, and every other event still counted', async () => {
    const { events, bases: all } = await writeLog();
    const second = all[1] as number;
    await flipBit(disk.file(), disk.index.position(1) + 70);
    await flipBit(disk.file(second), SEGMENT_HEADER_BYTES + BATCH_HEADER_BYTES + 70);
    const check = await checkLog(disk.directory);

    expect(check.damage.map((damage) => damage.file)).toEqual([disk.file(), disk.file(second)]);
    expect(check.events).toBe(events - 2);
  });

  it('is found out when its end is missing, a file is, or two have changed places', async () => {
    const { bases: all } = await writeLog();
    const [first, second, last] = all as [number, number, number];
    const lastBytes = await fs.readFile(disk.file(last));
    await fs.truncate(disk.file(last), lastBytes.length - 1);
    expect((await damageFound()).join()).toContain('shorter than it was when its index was written');
    await fs.writeFile(disk.file(last), lastBytes);

    const moved = await fs.readFile(disk.file(second));
    await fs.rm(disk.file(second));
    expect((await damageFound()).join()).toContain(`${file(second)} 0-0 the file is missing`);
    await fs.writeFile(disk.file(second), await fs.readFile(disk.file(first)));
    await fs.writeFile(disk.file(first), moved);
    expect((await damageFound()).join()).toContain('does not follow the one before it');
  });

  it('is found out by an index that is damaged, or tells of another log', async () => {
    await writeLog();
    await flipBit(disk.indexFile(), 70);
    expect((await damageFound()).join()).toMatch(/idx 0-\d+ the index fails its checksum/);

    const other = await LogOnDisk.create(SEGMENT_BYTES);
    await other.append(20);
    await other.append(1);
    await other.close();
    await fs.copyFile(other.indexFile(), disk.indexFile());
    await other.discard();
    expect((await damageFound()).length).toBeGreaterThan(0);
  });

  it('is found out when a stream leaves out a revision, however well it is written', async () => {
    await disk.append(3);
    await disk.append(1, { revision: 5 });
    await disk.close();
    expect((await damageFound()).join()).toContain('the stream s-0 goes on with revision 5, not 1');
  });
});

describe('what is no log', () => {
  it('cannot be verified: an empty directory, none, one of a newer version', async () => {
    await disk.log.closeFiles();
    const header = segmentHeader(0, 0);
    header.writeUInt32LE(2, 8);
    header.writeUInt32LE(crc32(header.subarray(0, 60)), 60);
    await fs.writeFile(disk.file(), header);
    await expect(checkLog(disk.directory)).rejects.toThrow(NewerFormatError);

    await fs.rm(disk.file());
    await expect(checkLog(disk.directory)).rejects.toThrow('holds no log');
    await expect(checkLog(`${disk.directory}/elsewhere`)).rejects.toThrow(UnreadableLogError);
  });
});

function file(base: number): string {
  return disk.file(base).slice(disk.directory.length + 1);
}
