import { mkdtemp, open, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The kernel's limit for the path of a socket is 107 bytes on Linux and 103 on others. */
const SOCKET_PATH_MAX_BYTES = 103;
const NAME_MAX_BYTES = 24;

/** A way to name files of a directory in few bytes, valid until closed. */
export interface ShortPath {
  join(name: string): string;
  close(): Promise<void>;
}

/** Long directories are reached through an open descriptor where /proc exists, else through a link in the temporary directory. */
export async function openShortPath(directory: string, hasProc = process.platform === 'linux'): Promise<ShortPath> {
  if (Buffer.byteLength(directory) + 1 + NAME_MAX_BYTES <= SOCKET_PATH_MAX_BYTES) {
    return { join: (name) => path.join(directory, name), close: async () => undefined };
  }
  if (hasProc) {
    const handle = await open(directory, 'r');
    return { join: (name) => `/proc/self/fd/${handle.fd}/${name}`, close: () => handle.close() };
  }
  const alias = await mkdtemp(path.join(tmpdir(), 'daybook-'));
  await symlink(directory, path.join(alias, 'd'));
  return {
    join: (name) => path.join(alias, 'd', name),
    close: () => rm(alias, { recursive: true, force: true }),
  };
}
