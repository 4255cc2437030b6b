import { open, rename } from 'node:fs/promises';
import path from 'node:path';

const OWNER_ONLY = 0o600;

/**
 * Replaces a file whole: after a crash at any point it holds the old text or the new one, and once this returns the
 * new one stays, also after a power cut. Not for two writers at once.
 */
export async function writeFileDurably(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = unfinishedName(file);
  const handle = await open(unfinished, 'w', OWNER_ONLY);
  try {
    await handle.chmod(OWNER_ONLY);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  await syncDirectory(path.dirname(file));
}

/** What a crash in the middle of `writeFileDurably` leaves beside the file. */
export function unfinishedName(file: string): string {
  return `${file}.new`;
}

/** Makes the names in a directory durable: a new file is only certain to be found after this. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
