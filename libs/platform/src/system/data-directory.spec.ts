import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATA_FORMAT, openDataDirectory } from './data-directory.js';
import { diskSpace, requireFreeSpace } from './disk-space.js';

describe('openDataDirectory', () => {
  let parent: string;
  let directory: string;

  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'daybook-data-'));
    directory = path.join(parent, 'deep', 'data');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('makes a directory that only its owner can enter, and says that it is fresh', async () => {
    expect(await openDataDirectory(directory, '1.2.3')).toEqual({ path: directory, fresh: true });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(path.join(directory, 'format.json'), 'utf8'))).toEqual({ format: DATA_FORMAT, daybook: '1.2.3' });
  });

  it('finds it again, and keeps the version that wrote the format', async () => {
    await openDataDirectory(directory, '1.2.3');
    expect(await openDataDirectory(directory, '1.3.0')).toEqual({ path: directory, fresh: false });
    expect(await readFile(path.join(directory, 'format.json'), 'utf8')).toContain('1.2.3');
  });

  it('closes a directory that others could enter', async () => {
    await openDataDirectory(directory, '1.2.3');
    await chmod(directory, 0o755);
    await openDataDirectory(directory, '1.2.3');
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('refuses data of a newer format and names the version that can read it', async () => {
    await openDataDirectory(directory, '1.2.3');
    await writeFile(path.join(directory, 'format.json'), JSON.stringify({ format: DATA_FORMAT + 1, daybook: '9.0.0' }));
    await expect(openDataDirectory(directory, '1.2.3')).rejects.toMatchObject({
      message: expect.stringContaining(`has format ${DATA_FORMAT + 1}; this is Daybook 1.2.3`),
      hint: 'Start Daybook 9.0.0 or newer. Nothing was changed.',
    });
  });

  it.each(['', 'no json', '{"format":"1"}'])('refuses a damaged format file (%j)', async (text) => {
    await openDataDirectory(directory, '1.2.3');
    await writeFile(path.join(directory, 'format.json'), text);
    await expect(openDataDirectory(directory, '1.2.3')).rejects.toThrow(/format\.json is damaged/);
  });

  it('begins again where a first start was killed', async () => {
    await writeFile(path.join(parent, 'format.json.new'), '{"for');
    expect(await openDataDirectory(parent, '1.2.3')).toEqual({ path: parent, fresh: true });
    expect((await openDataDirectory(parent, '1.2.3')).fresh).toBe(false);
  });

  it('does not take over a directory with other things in it', async () => {
    await writeFile(path.join(parent, 'letter.txt'), 'Dear Ada');
    await expect(openDataDirectory(parent, '1.2.3')).rejects.toMatchObject({
      message: `The directory ${parent} is not empty and holds no Daybook data.`,
    });
  });

  it('does not mix its files with those of another user', async () => {
    await openDataDirectory(directory, '1.2.3');
    const theirs = process.getuid?.() === 0 ? directory : '/usr';
    if (theirs === directory) await chown(directory, 4242, 4242);
    await expect(openDataDirectory(theirs, '1.2.3')).rejects.toMatchObject({
      message: expect.stringMatching(/ belongs to another user \(id \d+\)\.$/),
      hint: expect.stringContaining('Start Daybook as that user'),
    });
  });

  it('says which directory cannot be used, and why', async () => {
    await writeFile(path.join(parent, 'file'), '');
    await expect(openDataDirectory(path.join(parent, 'file'), '1.2.3')).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining(`${path.join(parent, 'file')} cannot be used: EEXIST`),
      hint: expect.stringContaining('DAYBOOK_DATA_DIR'),
    });
  });
});

describe('requireFreeSpace', () => {
  it('passes while there is room and refuses before a write would fail', async () => {
    const { freeBytes, totalBytes } = await diskSpace(tmpdir());
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    await requireFreeSpace(tmpdir(), 1);
    await expect(requireFreeSpace(tmpdir(), Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      message: expect.stringMatching(/is full: \d+ MB free, 9007199254 MB needed/),
    });
  });
});
