/**
 * Loaded into the node's process before the node: writes down each call that changes files in one directory, in order,
 * so that the disk can be put together again as a power cut at any moment might have left it. The calls themselves are
 * made as ever.
 *
 *   DISK_RECORDER_DIRECTORY=… DISK_RECORDER_FILE=… node --require dist/test/faults/crash/disk-recorder.js …
 */
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DiskCall } from './disk-calls.js';

const { DISK_RECORDER_DIRECTORY = '', DISK_RECORDER_FILE = '' } = process.env;
const directory = path.resolve(DISK_RECORDER_DIRECTORY);
const { writeSync, open, close, write, fdatasync, fsync, ftruncate, rename } = fs;
const { rm } = fs.promises;
const record = fs.openSync(DISK_RECORDER_FILE, 'a');
/** Names of open files, by descriptor; the directory itself is '.'. */
const names = new Map<number, string>();

type Done = (error: NodeJS.ErrnoException | null, ...results: unknown[]) => void;

/** One line of JSON a call, and behind a write the bytes that were written. */
function note(call: DiskCall, bytes: Uint8Array = new Uint8Array()): void {
  const line = Buffer.from(`${JSON.stringify(call)}\n`);
  writeSync(record, Buffer.concat([line, bytes]));
}

/** The name of a file directly in the directory. */
function nameOf(file: unknown): string | undefined {
  const relative = path.relative(directory, path.resolve(String(file)));
  if (relative === '') return '.';
  return /^[^/]+\.(log|idx|tmp)$/.test(relative) ? relative : undefined;
}

function patchedOpen(file: unknown, flags: string, ...rest: unknown[]): void {
  const done = rest.pop() as Done;
  const name = nameOf(file);
  const [existed, creates] = [fs.existsSync(String(file)), /^w/.test(flags)];
  const opened: Done = (error, fd) => {
    if (!error && name !== undefined) {
      names.set(fd as number, name);
      if (creates) note({ call: existed ? 'truncate' : 'create', file: name, length: 0 });
    }
    done(error, fd);
  };
  Reflect.apply(open, fs, [file, flags, ...rest, opened]);
}

function patchedWriteSync(fd: number, bytes: Uint8Array, from: number, length: number, offset: number): number {
  noteWrite(fd, bytes, from, length, offset);
  return writeSync(fd, bytes, from, length, offset);
}

function patchedWrite(fd: number, bytes: Uint8Array, from: number, length: number, offset: number, done: Done): void {
  noteWrite(fd, bytes, from, length, offset);
  write(fd, bytes, from, length, offset, done);
}

function noteWrite(fd: number, bytes: Uint8Array, from: number, length: number, offset: number): void {
  const file = names.get(fd);
  if (file !== undefined) note({ call: 'write', file, offset, length }, bytes.subarray(from, from + length));
}

/** What was written before a sync began is durable once it has ended. */
function patchedSync(sync: typeof fsync): typeof fsync {
  const patched = (fd: number, done: Done): void => {
    const file = names.get(fd);
    if (file !== undefined) note({ call: 'sync-begun', file });
    sync(fd, (error) => {
      if (file !== undefined && !error) note({ call: 'synced', file });
      done(error);
    });
  };
  return patched as typeof fsync;
}

function patchedTruncate(fd: number, length: number, done: Done): void {
  const file = names.get(fd);
  if (file !== undefined) note({ call: 'truncate', file, length });
  ftruncate(fd, length, done);
}

function patchedRename(from: string, to: string, done: Done): void {
  const [file, target] = [nameOf(from), nameOf(to)];
  if (file !== undefined && target !== undefined) note({ call: 'rename', file, to: target });
  rename(from, to, done);
}

function patchedClose(fd: number, done: Done): void {
  names.delete(fd);
  close(fd, done);
}

async function patchedRm(file: string, options?: fs.RmOptions): Promise<void> {
  const name = nameOf(file);
  if (name !== undefined && fs.existsSync(file)) note({ call: 'remove', file: name });
  await rm(file, options);
}

Object.assign(patchedWrite, {
  [promisify.custom]: (fd: number, bytes: Uint8Array, from: number, length: number, offset: number) =>
    new Promise((resolve, reject) => {
      patchedWrite(fd, bytes, from, length, offset, (error, bytesWritten) =>
        error ? reject(error) : resolve({ bytesWritten, buffer: bytes }),
      );
    }),
});
Object.assign(fs, {
  open: patchedOpen,
  close: patchedClose,
  write: patchedWrite,
  writeSync: patchedWriteSync,
  fdatasync: patchedSync(fdatasync as typeof fsync),
  fsync: patchedSync(fsync),
  ftruncate: patchedTruncate,
  rename: patchedRename,
});
Object.assign(fs.promises, { rm: patchedRm });
