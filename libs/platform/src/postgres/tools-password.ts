import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '@daybook/kernel';
import { writeFileDurably } from '../system/durable-file.js';

const PASSWORD_BYTES = 24;

/** What tools need to come in over POSTGRES_PORT: kept in a file only the owner of the data directory can read. */
export async function toolsPassword(dataDirectory: string, random: Random): Promise<string> {
  const file = path.join(dataDirectory, 'postgres.password');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return kept.trim();
  const password = Buffer.from(random.bytes(PASSWORD_BYTES)).toString('base64url');
  await writeFileDurably(file, `${password}\n`);
  return password;
}
