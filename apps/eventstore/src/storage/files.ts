import fs from 'node:fs';
import { promisify } from 'node:util';
import path from 'node:path';

/** Thin promises over the calls whose order and errors durability depends on. */
export const openFile = promisify(fs.open);
export const closeFile = promisify(fs.close);
export const syncFileData = promisify(fs.fdatasync);
export const syncFile = promisify(fs.fsync);
export const truncateFile = promisify(fs.ftruncate);
const readSome = promisify(fs.read);
const writeSome = promisify(fs.write);

/** Into the page cache: cheaper done now than handed to another thread. It is the sync that takes time. */
export function writeFullyNow(fd: number, bytes: Buffer, offset: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += fs.writeSync(fd, bytes, written, bytes.length - written, offset + written);
  }
}

export async function writeFully(fd: number, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await writeSome(fd, bytes, written, bytes.length - written, offset + written);
    written += result.bytesWritten;
  }
}

/** Fewer bytes than asked for only at the end of the file. */
export async function readUpTo(fd: number, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const result = await readSome(fd, bytes, filled, length - filled, offset + filled);
    if (result.bytesRead === 0) break;
    filled += result.bytesRead;
  }
  return bytes.subarray(0, filled);
}

export function readUpToNow(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = fs.readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** A new or renamed file exists after a power cut only if its directory has been synced too. */
export async function syncDirectory(directory: string): Promise<void> {
  const fd = await openFile(directory, 'r');
  try {
    await syncFile(fd);
  } finally {
    await closeFile(fd);
  }
}

/** Either the old content or the new one, never a mixture. */
export async function replaceFile(file: string, chunks: readonly Buffer[]): Promise<void> {
  const temporary = `${file}.tmp`;
  const fd = await openFile(temporary, 'w');
  try {
    let offset = 0;
    for (const chunk of chunks) {
      await writeFully(fd, chunk, offset);
      offset += chunk.length;
    }
    await syncFile(fd);
  } finally {
    await closeFile(fd);
  }
  await promisify(fs.rename)(temporary, file);
  await syncDirectory(path.dirname(file));
}
