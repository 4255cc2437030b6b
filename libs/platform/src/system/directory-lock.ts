import { randomBytes } from 'node:crypto';
import { mkdir, readlink, rename, rm, symlink, unlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { openShortPath, type ShortPath } from './short-path.js';
import { StartError } from './start-error.js';

const LOCK_DIRECTORY = 'lock';
const HEAD = 'holder';
const ATTEMPTS_MAX = 1_000;
const GREETING_TIMEOUT_MILLISECONDS = 250;

export class DirectoryLockedError extends StartError {
  override readonly name = 'DirectoryLockedError';
  constructor(directory: string, pid: number | undefined) {
    super(
      `The data directory ${directory} is in use by another Daybook${pid ? ` (process ${pid})` : ''}.`,
      'Stop that one first, or give this one a directory of its own in DAYBOOK_DATA_DIR.',
    );
  }
}

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * One process a directory, without native code. A holder listens on a socket in the directory; the kernel closes it
 * with the process, however that ends, so a socket that refuses means a dead holder, and nothing ever times out.
 *
 * Who holds is told by a chain of symbolic links, each made exclusively and pointing to a socket that already listens:
 * `holder` names the first, and the successor of a dead one is named by `<dead>.next`, so two who find the same holder
 * dead cannot both follow it. A claim counts once a fresh walk from the start ends at it; then the chain is cut short.
 * A slow walker on a part that was cut off does not find itself on its second walk, and withdraws.
 *
 * Holds among processes of one machine, also across containers; not across machines on a network file system.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const place = path.join(directory, LOCK_DIRECTORY);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const short = await openShortPath(place);
  const own = randomBytes(8).toString('hex');
  const server = await listen(short.join(`${own}.sock`)).catch(async (error: unknown) => {
    await short.close();
    throw error;
  });
  const leave = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(path.join(place, `${own}.sock`), { force: true });
    await short.close();
  };
  try {
    const dead = await claim(place, directory, own, short);
    await cutChain(place, own, dead);
  } catch (error) {
    await leave();
    throw error;
  }
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    // While the socket still listens nobody else may touch the link, so it is certainly ours.
    await rm(path.join(place, HEAD), { force: true });
    await leave();
  };
  return { release: () => (released ??= release()) };
}

/** Returns the dead holders before us, once we are the living end of the chain. */
async function claim(place: string, directory: string, own: string, short: ShortPath): Promise<readonly string[]> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const end = await walk(place, own, short);
    if (end.holder === own) return end.dead;
    if (end.holder !== undefined) throw new DirectoryLockedError(directory, end.pid);
    if (!(await linkExclusively(own, end.link))) continue;
    const again = await walk(place, own, short);
    if (again.holder === own) return again.dead;
    await unlink(end.link);
  }
  throw new DirectoryLockedError(directory, undefined);
}

interface ChainEnd {
  /** The first living one; undefined when the chain ends at a link that is not there. */
  readonly holder?: string;
  readonly pid?: number | undefined;
  readonly link: string;
  readonly dead: readonly string[];
}

async function walk(place: string, own: string, short: ShortPath): Promise<ChainEnd> {
  const dead: string[] = [];
  let link = path.join(place, HEAD);
  for (;;) {
    const name = await readlink(link).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (name === undefined) return { link, dead };
    if (name === own) return { holder: own, link, dead };
    const probe = await probeHolder(short.join(`${name}.sock`));
    if (probe.alive) return { holder: name, pid: probe.pid, link, dead };
    dead.push(name);
    link = path.join(place, `${name}.next`);
  }
}

async function cutChain(place: string, own: string, dead: readonly string[]): Promise<void> {
  if (dead.length === 0) return;
  const fresh = path.join(place, `${own}.head`);
  await symlink(own, fresh);
  await rename(fresh, path.join(place, HEAD));
  for (const name of dead) {
    await rm(path.join(place, `${name}.next`), { force: true });
    await rm(path.join(place, `${name}.sock`), { force: true });
  }
}

async function linkExclusively(target: string, link: string): Promise<boolean> {
  try {
    await symlink(target, link);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function listen(socketPath: string): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((visitor) => {
      visitor.on('error', () => undefined);
      visitor.end(String(process.pid));
    });
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Only a refusal or a missing socket means dead; any doubt counts as alive. */
function probeHolder(socketPath: string): Promise<{ alive: boolean; pid?: number }> {
  return new Promise((resolve) => {
    const visitor = net.connect(socketPath);
    let greeting = '';
    const finish = (alive: boolean): void => {
      visitor.destroy();
      const pid = Number(greeting);
      resolve(alive && pid > 0 ? { alive, pid } : { alive });
    };
    visitor.setEncoding('utf8');
    visitor.setTimeout(GREETING_TIMEOUT_MILLISECONDS, () => finish(true));
    visitor.on('data', (text: string) => (greeting += text));
    visitor.on('end', () => finish(true));
    visitor.on('error', (error: NodeJS.ErrnoException) => finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}
