import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openFileKeyStore } from './file-key-store.js';
import { encodeRecord, readKeyFile } from './key-file-format.js';
import { describeKeyStore } from './key-store.contract.js';

let directory: string;
let file: string;
const key = (fill: number) => Buffer.alloc(61, fill);

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
  file = path.join(directory, 'vault.keys');
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
      `55c08137 {"kind":"vault","version":1,"secret":"${key(0).toString('base64url')}"}\n` +
        `c945aa59 {"kind":"key","subject":"ada","key":"${key(1).toString('base64url')}"}\n`,
    );
  });

  it('can be read by its owner only, and is refused when others could have read it', async () => {
    await vaultWith('ada');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o640);
    await expect(openFileKeyStore(file)).rejects.toMatchObject({ message: expect.stringContaining('(mode 640)'), hint: expect.stringContaining('chmod 600') });
  });

  it('loses at most the record that was being written, wherever it was torn', async () => {
    await vaultWith('ada', 'bob', 'cyd');
    const whole = await readFile(file);
    const firstLine = whole.indexOf('\n') + 1;
    for (let length = firstLine; length <= whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length));
      const store = await openFileKeyStore(file);
      const complete = whole.subarray(0, length).toString().split('\n').length - 2;
      const found = await Promise.all(['ada', 'bob', 'cyd'].map((subject) => store.find(subject)));
      expect(found.filter(Boolean)).toHaveLength(complete);
      expect(await store.addIfAbsent('dee', key(9))).toEqual(key(9));
      await store.close();
      const again = await openFileKeyStore(file);
      expect(await again.find('dee')).toEqual(key(9));
      await again.close();
    }
  });

  it('takes a tail of any bytes for torn', () => {
    const good = Buffer.concat([encodeRecord({ kind: 'key', subject: 'ada', key: 'AAAA' })]);
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
    const marked = Buffer.concat([before, encodeRecord({ kind: 'forgotten', subject: 'ada', line: { offset, length } })]);
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
