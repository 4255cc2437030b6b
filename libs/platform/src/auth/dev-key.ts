import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Random } from '@daybook/kernel';

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * The signing key of dev tokens: made at the first start, so that tokens outlive a restart and die with the data dir.
 * Two processes that start at once agree on one key: the file appears whole, and only once.
 */
export async function devSigningKey(keyFile: string, random: Random): Promise<Uint8Array> {
  return (await readKey(keyFile)) ?? (await createKey(keyFile, random));
}

async function readKey(keyFile: string): Promise<Uint8Array | undefined> {
  const text = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error(`${keyFile} is not a dev token key; delete it to get a new one`);
  const { mode } = await stat(keyFile);
  if ((mode & 0o077) !== 0) await chmod(keyFile, OWNER_ONLY);
  return key;
}

async function createKey(keyFile: string, random: Random): Promise<Uint8Array> {
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  const draft = `${keyFile}.${random.uuid()}`;
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, OWNER_ONLY);
  try {
    await file.writeFile(`${Buffer.from(random.bytes(KEY_BYTES)).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const key = await readKey(keyFile);
  if (key === undefined) throw new Error(`${keyFile} was deleted while it was made; start again`);
  return key;
}
