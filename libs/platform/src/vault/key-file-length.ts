import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileDurably } from '../system/durable-file.js';
import { StartError } from '../system/start-error.js';
import { fileExists } from './file-checks.js';

/**
 * STORAGE CONTRACT of vault.length, beside vault.keys: a decimal number and a line end. So many bytes of vault.keys were
 * durable before anybody could use a key in them. After a crash there may be more, never less: vault.keys never shrinks.
 */
const LENGTH_FILE = 'vault.length';
const LENGTH_TEXT = /^(\d{1,15})\n$/;

export async function writeKeyFileLength(keyFile: string, length: number): Promise<void> {
  await writeFileDurably(besideKeys(keyFile), `${length}\n`);
}

/** The length that was promised; refuses fewer good bytes than that. Changes nothing. */
export async function refuseLostKeys(keyFile: string, goodBytes: number): Promise<number> {
  const promised = await readLength(keyFile, goodBytes);
  if (goodBytes >= promised) return promised;
  throw new StartError(
    `The vault ${keyFile} has lost keys: ${goodBytes} bytes of it are good, and ${promised} were written.`,
    'Restore vault.keys from the newest backup of the vault. Nothing was changed. When that one is too old as well, see docs/vault.md.',
  );
}

async function readLength(keyFile: string, goodBytes: number): Promise<number> {
  const file = besideKeys(keyFile);
  const isThere = await fileExists(file);
  if (!isThere && goodBytes === 0) return 0;
  const [, digits] = isThere ? (LENGTH_TEXT.exec(await readFile(file, 'utf8')) ?? []) : [];
  if (digits !== undefined) return Number(digits);
  throw new StartError(
    isThere ? `${file} does not hold the length of vault.keys.` : `The length of the vault is missing: there is no ${file}.`,
    'Restore vault.keys and vault.length from the same backup of the vault. Without it nobody can tell whether keys were lost; docs/vault.md says more.',
  );
}

function besideKeys(keyFile: string): string {
  return path.join(path.dirname(keyFile), LENGTH_FILE);
}
