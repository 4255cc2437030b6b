import { existsSync } from 'node:fs';
import { lockDirectory, type DirectoryLock } from '@daybook/platform';
import { UnreadableLogError } from '../../../eventstore/src/index.js';
import { holdsLog, type LogFolder } from './place.js';

/** Nobody may write there: a directory that cannot be locked for that reason needs no lock. */
const READ_ONLY = ['EROFS', 'EACCES', 'EPERM'];

/**
 * Works on the files of a log while nobody else has them. Daybook's own lock comes first: between two starts of its node
 * the files look free, and are not.
 */
export async function withFiles<Result>({ log, dataDirectory }: LogFolder, work: () => Promise<Result>): Promise<Result> {
  if (!holdsLog(log)) throw new UnreadableLogError(`${log} holds no log`);
  const locks: DirectoryLock[] = [];
  try {
    for (const directory of dataDirectory === undefined ? [log] : [dataDirectory, log]) {
      if (existsSync(directory)) locks.push(...(await lockUnlessReadOnly(directory)));
    }
    return await work();
  } finally {
    for (const lock of locks.reverse()) await lock.release();
  }
}

async function lockUnlessReadOnly(directory: string): Promise<DirectoryLock[]> {
  try {
    return [await lockDirectory(directory)];
  } catch (error) {
    if (READ_ONLY.includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
