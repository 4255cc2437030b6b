import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '@daybook/kernel';
import type { Secret } from '../config/secret.js';
import { writeFileDurably } from '../system/durable-file.js';
import { StartError } from '../system/start-error.js';
import { fileExists, refuseOpenToOthers } from './file-checks.js';

const MASTER_KEY_FILE = 'vault.master';
const MASTER_KEY_BYTES = 32;

export interface MasterKeyPlace {
  readonly directory: string;
  /** 64 hex digits, from the configuration; the file is not looked at then. */
  readonly given: Secret | undefined;
}

export async function masterKeyExists({ directory, given }: MasterKeyPlace): Promise<boolean> {
  return given !== undefined || (await fileExists(path.join(directory, MASTER_KEY_FILE)));
}

export async function readMasterKey({ directory, given }: MasterKeyPlace): Promise<Buffer> {
  if (given) return decode(given.reveal(), 'VAULT_MASTER_KEY');
  const file = path.join(directory, MASTER_KEY_FILE);
  if (!(await fileExists(file))) {
    throw new StartError(
      `The master key of the vault is missing: there is no ${file}.`,
      'Restore it from a backup, or set VAULT_MASTER_KEY. Without it sealed text stays closed.',
    );
  }
  await refuseOpenToOthers(file);
  return decode((await readFile(file, 'utf8')).trim(), file);
}

/** Durable before anything is wrapped with it. */
export async function makeMasterKey(directory: string, random: Random): Promise<void> {
  const key = Buffer.from(random.bytes(MASTER_KEY_BYTES)).toString('hex');
  await writeFileDurably(path.join(directory, MASTER_KEY_FILE), `${key}\n`);
}

function decode(hex: string, place: string): Buffer {
  const key = Buffer.from(hex, 'hex');
  if (key.length === MASTER_KEY_BYTES && hex.length === 2 * MASTER_KEY_BYTES) return key;
  throw new StartError(`The master key in ${place} is not 64 hex digits.`, 'Restore it from a backup of the vault.');
}
