import { execFile } from 'node:child_process';
import { chmod, chown, lstat, readFile, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../system/start-error.js';

const run = promisify(execFile);
const PROBE_TIMEOUT_MILLISECONDS = 10_000;

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How a Postgres program is started on this machine. */
export interface PostgresLauncher {
  /** Command and arguments put before the program's own. */
  readonly prefix: readonly string[];
  /** The user the program is started as and its files belong to. */
  readonly owner: Owner;
  /** True when the kernel itself stops the server as soon as this process is gone. */
  readonly diesWithParent: boolean;
  /** What `postgres --version` says, e.g. 18. */
  readonly major: number;
}

interface Account extends Owner {
  readonly name: string;
}

interface Way {
  readonly prefix: readonly string[];
  readonly owner: Owner;
}

const PDEATHSIG = ['setpriv', '--pdeathsig', 'INT', '--'];

/**
 * Postgres refuses to run as root, or as a user without a name. An ordinary user starts it directly. Root, and a user
 * without a name, start it inside a user namespace where they are somebody else, which leaves every file theirs and
 * works below a home directory closed to others; where namespaces are switched off, root drops to the account
 * `postgres` or `nobody`. Each way is tried with `postgres --version` before it is chosen.
 */
export async function choosePostgresLauncher(postgres: string): Promise<PostgresLauncher> {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const isRoot = self.uid === 0;
  const failures: string[] = [];
  for (const way of !isRoot && hasName() ? [{ prefix: [], owner: self }] : await waysAround(self)) {
    for (const diesWithParent of process.platform === 'linux' ? [true, false] : [false]) {
      const prefix = diesWithParent ? [...way.prefix, ...PDEATHSIG] : way.prefix;
      const probe = await majorVersion([...prefix, postgres], way.owner);
      if (typeof probe === 'number') return { prefix, owner: way.owner, diesWithParent, major: probe };
      failures.push(probe);
    }
  }
  throw new StartError(
    `The embedded Postgres cannot be run here: ${failures.at(-1) ?? 'no way to run it is known'}`,
    isRoot
      ? 'Run Daybook as an ordinary user, allow user namespaces, or set DATABASE_URL to a Postgres of version 15 or newer.'
      : 'Set DATABASE_URL to a Postgres of version 15 or newer.',
  );
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

async function waysAround(self: Owner): Promise<Way[]> {
  const accounts = await readAccounts();
  const ways: Way[] = [];
  const somebody = accounts.find((account) => account.uid !== 0);
  if (process.platform === 'linux' && somebody) {
    const { uid, gid } = somebody;
    ways.push({ prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'], owner: self });
  }
  if (self.uid !== 0) return ways;
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account) ways.push({ prefix: [], owner: account });
  }
  return ways;
}

async function readAccounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function majorVersion(command: readonly string[], owner: Owner): Promise<number | string> {
  const [program, ...rest] = command;
  if (program === undefined) throw new Error('an empty command');
  try {
    const { stdout } = await run(program, [...rest, '--version'], {
      uid: owner.uid,
      gid: owner.gid,
      cwd: '/',
      timeout: PROBE_TIMEOUT_MILLISECONDS,
    });
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
    return Number.isInteger(major) ? major : `unexpected answer of ${program}: ${stdout.trim()}`;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return (stderr?.trim() || message).split('\n')[0] ?? 'unknown reason';
  }
}

/**
 * A server that runs as somebody else must get through the data directory to its own: its group, and only that, may
 * pass, without seeing what else lies there.
 */
export async function letPass(owner: Owner, dataDirectory: string): Promise<void> {
  if (owner.uid === process.getuid?.()) return;
  await chown(dataDirectory, 0, owner.gid);
  await chmod(dataDirectory, 0o710);
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', dataDirectory], { uid: owner.uid, gid: owner.gid, cwd: '/' });
  } catch (cause) {
    throw new StartError(
      `As root the embedded Postgres runs as user ${owner.uid}, who cannot reach ${dataDirectory}.`,
      'Run Daybook as an ordinary user, allow user namespaces, name a directory everybody may pass in DAYBOOK_DATA_DIR, or set DATABASE_URL.',
      { cause },
    );
  }
}

/** Hands a directory tree to the user the server runs as, when an earlier run used another one. */
export async function giveTo(owner: Owner, directory: string): Promise<void> {
  if ((await lstat(directory)).uid === owner.uid) return;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await chown(path.join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  // Last, so that a tree handed over only halfway is handed over again.
  await chown(directory, owner.uid, owner.gid);
}
