import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Owner } from './postgres-launcher.js';

/** The kernel's limit for a socket's path is 107 bytes on Linux and 103 elsewhere; `/.s.PGSQL.65535` takes 15. */
const DIRECTORY_LENGTH_MAX_BYTES = 85;

/**
 * A short private directory for the server's socket: data directories are often too deep for one. The name follows from
 * the data directory, so a start after a crash finds and empties the one left behind; where somebody else holds that
 * name, a random one is used.
 */
export async function makeSocketDirectory(clusterDirectory: string, owner: Owner): Promise<string> {
  const name = `daybook-pg-${createHash('sha256').update(clusterDirectory).digest('hex').slice(0, 16)}`;
  const wanted = path.join(tmpdir(), name);
  const base = Buffer.byteLength(wanted) <= DIRECTORY_LENGTH_MAX_BYTES ? tmpdir() : '/tmp';
  const directory = path.join(base, name);
  if (await isOurs(directory, owner)) await rm(directory, { recursive: true });
  try {
    await mkdir(directory, { mode: 0o700 });
    await chown(directory, owner.uid, owner.gid);
    return directory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const random = await mkdtemp(path.join(base, 'daybook-pg-'));
  await chmod(random, 0o700);
  await chown(random, owner.uid, owner.gid);
  return random;
}

async function isOurs(directory: string, owner: Owner): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  return found !== undefined && found.isDirectory() && [owner.uid, process.getuid?.()].includes(found.uid);
}
