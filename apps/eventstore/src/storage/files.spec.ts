import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeFile, openFile, readUpTo, readUpToNow, replaceFile, writeFullyNow } from './files.js';

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstore-calls-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(directory, { recursive: true });
});

describe('a write', () => {
  it('goes on where a call has written less than it was given', async () => {
    const fd = await openFile(path.join(directory, 'file'), 'w+');
    const { writeSync } = fs;
    const lengths: number[] = [];
    const atMostThree = ((at: number, bytes: Buffer, from: number, length: number, offset: number) => {
      lengths.push(length);
      return writeSync(at, bytes, from, Math.min(3, length), offset);
    }) as typeof fs.writeSync;
    jest.spyOn(fs, 'writeSync').mockImplementation(atMostThree);
    writeFullyNow(fd, Buffer.from('0123456789'), 2);

    expect(lengths).toEqual([10, 7, 4, 1]);
    expect((await readUpTo(fd, 0, 20)).toString('latin1')).toBe('\0\x000123456789');
    expect(readUpToNow(fd, 4, 3).toString()).toBe('234');
    await closeFile(fd);
  });

  it('of a whole file leaves the old one until the new one is complete', async () => {
    const file = path.join(directory, 'file');
    fs.writeFileSync(file, 'old');
    jest.spyOn(fs, 'rename').mockImplementation(((_: string, __: string, done: (error: Error) => void) => done(new Error('EIO'))) as typeof fs.rename);
    await expect(replaceFile(file, [Buffer.from('new')])).rejects.toThrow('EIO');
    expect(fs.readFileSync(file, 'utf8')).toBe('old');

    jest.restoreAllMocks();
    await replaceFile(file, [Buffer.from('n'), Buffer.from('ew')]);
    expect([fs.readFileSync(file, 'utf8'), fs.readdirSync(directory)]).toEqual(['new', ['file']]);
  });
});
