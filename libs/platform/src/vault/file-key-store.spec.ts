import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openFileKeyStore } from './file-key-store.js';
import { encodeRecord, readKeyFile } from './key-file-format.js';
import { describeKeyStore } from './key-store.contract.js';

let directory: string;
let file: string;
let lengthFile: string;
const key = (fill: number) => Buffer.alloc(61, fill);

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
  file = path.join(directory, 'vault.keys');
  lengthFile = path.join(directory, 'vault.length');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describeKeyStore('a file', () => openFileKeyStore(file), () => openFileKeyStore(file));

async function vaultWith(...subjects: readonly string[]): Promise<void> {
  const store = await openFileKeyStore(file);
  await store.ownSecret(key(0));
  for (const [index, subject] of subjects.entries()) await store.addIfAbsent(subject, key(index + 1));
  await store.close();
}

describe('vault.keys', () => {
  it('is written as promised to every later version', async () => {
    await vaultWith('ada');
    expect(await readFile(file, 'utf8')).toBe(
      `94e9eb9d {"kind":"vault","version":1,"secret":"${key(0).toString('base64url')}"}\n` +
        `33600f66 {"kind":"key","subject":"ada","key":"${key(1).toString('base64url')}"}\n`,
    );
  });

  it('can be read by its owner only, and is refused when others could have read it', async () => {
    await vaultWith('ada');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o640);
    await expect(openFileKeyStore(file)).rejects.toMatchObject({ message: expect.stringContaining('(mode 640)'), hint: expect.stringContaining('chmod 600') });
  });

  it('loses at most the record that was being written, wherever it was torn', async () => {
    await vaultWith('ada', 'bob');
    const [lengthBefore, bytesBefore] = [await readFile(lengthFile), await readFile(file)];
    await vaultWith('ada', 'bob', 'cyd');
    const whole = await readFile(file);
    for (let length = bytesBefore.length; length <= whole.length; length += 1) {
      await writeFile(file, whole.subarray(0, length));
      await writeFile(lengthFile, lengthBefore);
      const store = await openFileKeyStore(file);
      expect([await store.find('ada'), await store.find('bob')]).toEqual([key(1), key(2)]);
      expect(await store.find('cyd')).toEqual(length === whole.length ? key(3) : undefined);
      expect(await store.addIfAbsent('dee', key(9))).toEqual(key(9));
      await store.close();
      const again = await openFileKeyStore(file);
      expect(await again.find('dee')).toEqual(key(9));
      await again.close();
    }
  });

  it('takes a tail of any bytes for torn', () => {
    const good = Buffer.concat([encodeRecord({ kind: 'key', subject: 'ada', key: 'AAAA' }, 0)]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const read = readKeyFile(Buffer.concat([good, tail]), 'here');
        expect(read.records).toHaveLength(1);
        expect(read.length).toBe(good.length);
      }),
    );
  });

  it('is refused when it is damaged before its end, and left as it is', async () => {
    await vaultWith('ada', 'bob', 'cyd');
    const bytes = await readFile(file);
    const at = bytes.indexOf('bob');
    bytes[at] = 0x42;
    await writeFile(file, bytes);
    await expect(openFileKeyStore(file)).rejects.toMatchObject({ message: expect.stringMatching(/is damaged at byte \d+/) });
    expect(await readFile(file)).toEqual(bytes);
  });

  it('is refused when a key was blanked and no record says that its person was forgotten', async () => {
    await vaultWith('ada', 'bob');
    const bytes = await readFile(file);
    const line = readKeyFile(bytes, file).records[1];
    if (!line) throw new Error('no record of ada');
    bytes.fill(' ', line.offset, line.offset + line.length);
    await writeFile(file, bytes);
    await expect(openFileKeyStore(file)).rejects.toThrow(/is damaged at byte/);
  });

  it('no longer holds the bytes of an erased key', async () => {
    await vaultWith('ada', 'bob');
    const store = await openFileKeyStore(file);
    await store.forget('ada');
    await store.close();
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(key(1).toString('base64url'));
    expect(text).toContain(key(2).toString('base64url'));
  });

  it('finishes an erasure that was cut off before or while the key was blanked', async () => {
    await vaultWith('ada', 'bob');
    const before = await readFile(file);
    const line = readKeyFile(before, file).records[1];
    if (!line) throw new Error('no record of ada');
    const { offset, length } = line;
    const marked = Buffer.concat([before, encodeRecord({ kind: 'forgotten', subject: 'ada', line: { offset, length } }, before.length)]);
    for (const blanked of [0, 1, 40, length]) {
      const cutOff = Buffer.from(marked);
      cutOff.fill(' ', offset, offset + blanked);
      await writeFile(file, cutOff);
      const store = await openFileKeyStore(file);
      expect([await store.find('ada'), await store.find('bob')]).toEqual(['forgotten', key(2)]);
      await store.close();
      expect((await readFile(file)).subarray(offset, offset + length).toString().trim()).toBe('');
    }
  });

  it('is not begun anew over a file that is something else', async () => {
    await writeFile(file, 'shopping list\n', { mode: 0o600 });
    await expect(openFileKeyStore(file)).rejects.toThrow(/is not a vault/);
    expect(await readFile(file, 'utf8')).toBe('shopping list\n');
  });
});

describe('vault.length', () => {
  const lost = { name: 'StartError', message: expect.stringContaining(`vault.keys`), hint: expect.stringContaining('Restore vault.keys from') };
  const lineEnds = (bytes: Buffer) => [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);

  async function refusesAndLeaves(bytes: Buffer): Promise<void> {
    await writeFile(file, bytes);
    await expect(openFileKeyStore(file)).rejects.toMatchObject(lost);
    expect(await readFile(file)).toEqual(bytes);
  }

  it('says how long the keys are, and is read by its owner only', async () => {
    await vaultWith('ada', 'bob');
    expect(await readFile(lengthFile, 'utf8')).toBe(`${(await readFile(file)).length}\n`);
    expect((await stat(lengthFile)).mode & 0o777).toBe(0o600);
  });

  it('gives away keys that were cut off, at the end of a line too, and good ones open again once they are back', async () => {
    await vaultWith('ada', 'bob', 'cyd');
    const whole = await readFile(file);
    for (const end of lineEnds(whole).slice(0, -1)) await refusesAndLeaves(whole.subarray(0, end));
    await refusesAndLeaves(whole.subarray(0, whole.length - 1));
    await writeFile(file, whole);
    const store = await openFileKeyStore(file);
    expect(await store.find('cyd')).toEqual(key(3));
    await store.close();
  });

  it('gives away a line that was taken out, blank or not, also after a crash had left one more key than it counts', async () => {
    await vaultWith('ada', 'bob', 'cyd');
    const store = await openFileKeyStore(file);
    await store.forget('ada');
    await store.close();
    const before = await readFile(lengthFile);
    await vaultWith('ada', 'bob', 'cyd', 'a subject with a longer name than the others');
    const whole = await readFile(file);
    for (const count of [await readFile(lengthFile), before]) {
      await writeFile(lengthFile, count);
      const ends = lineEnds(whole);
      for (const [index, end] of ends.slice(1, -1).entries()) {
        await refusesAndLeaves(Buffer.concat([whole.subarray(0, ends[index]), whole.subarray(end)]));
      }
    }
  });

  it('gives away lines that changed places', async () => {
    await vaultWith('ada', 'bob');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await refusesAndLeaves(Buffer.from([lines[0], lines[2], lines[1], ''].join('\n')));
  });

  it('gives away that all keys are gone, and never begins anew in their place', async () => {
    await vaultWith('ada');
    await rm(file);
    await expect(openFileKeyStore(file)).rejects.toMatchObject(lost);
  });

  it('gives away an older backup, in which a forgotten person still has a key', async () => {
    await vaultWith('ada');
    const backup = await readFile(file);
    const store = await openFileKeyStore(file);
    await store.forget('ada');
    await store.close();
    await refusesAndLeaves(backup);
  });

  it('is needed: without it, or with something else in it, nobody can tell what is lost', async () => {
    await vaultWith('ada');
    for (const text of ['', 'many\n', '-1\n', '1e3\n']) {
      await writeFile(lengthFile, text);
      await expect(openFileKeyStore(file)).rejects.toMatchObject({ name: 'StartError', message: expect.stringContaining('vault.length') });
    }
    await rm(lengthFile);
    await expect(openFileKeyStore(file)).rejects.toMatchObject({
      name: 'StartError', message: expect.stringContaining(`there is no ${lengthFile}`), hint: expect.stringContaining('vault.length'),
    });
  });

  it('counts a key that a crash left uncounted before it can be used', async () => {
    await vaultWith('ada');
    const before = await readFile(lengthFile);
    await vaultWith('ada', 'bob');
    const after = await readFile(lengthFile);
    await writeFile(lengthFile, before);
    const store = await openFileKeyStore(file);
    expect(await store.find('bob')).toEqual(key(2));
    expect(await readFile(lengthFile)).toEqual(after);
    await store.close();
  });

  it('may be there before the first key is: a first start that was cut off is begun again', async () => {
    await vaultWith();
    const first = await readFile(file);
    await writeFile(lengthFile, '0\n');
    await (await openFileKeyStore(file)).close();
    await rm(file);
    await writeFile(lengthFile, '0\n');
    await vaultWith();
    expect(await readFile(file)).toEqual(first);
  });

  it('that cannot be written keeps the key back, and the same one is handed out once it can', async () => {
    await vaultWith();
    const store = await openFileKeyStore(file);
    await mkdir(`${lengthFile}.new`);
    await expect(store.addIfAbsent('ada', key(1))).rejects.toThrow(/EISDIR/);
    expect(await store.find('ada')).toBeUndefined();
    await rmdir(`${lengthFile}.new`);
    expect(await store.addIfAbsent('ada', key(2))).toEqual(key(1));
    await store.close();
    expect(await readFile(lengthFile, 'utf8')).toBe(`${(await readFile(file)).length}\n`);
  });

  it('that cannot be written does not leave the bytes of an erased key for the next forget to miss', async () => {
    await vaultWith('ada');
    const store = await openFileKeyStore(file);
    await mkdir(`${lengthFile}.new`);
    await expect(store.forget('ada')).rejects.toThrow(/EISDIR/);
    await rmdir(`${lengthFile}.new`);
    await store.forget('ada');
    expect(await store.find('ada')).toBe('forgotten');
    expect(await readFile(file, 'utf8')).not.toContain(key(1).toString('base64url'));
    await store.close();
  });
});
