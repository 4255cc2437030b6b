import { execFile } from 'node:child_process';
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Clock, Timers } from '@daybook/kernel';
import { StartError } from '../system/start-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresLauncher } from './postgres-launcher.js';
import type { Durability } from './postgres-settings.js';
import { isAlive, isPostmasterOf, recordedPostmaster } from './postmaster-pid.js';

const run = promisify(execFile);

export const EMBEDDED_POSTGRES_USER = 'app';
const ORPHAN_DEADLINE_MILLISECONDS = 20_000;
const ORPHAN_POLL_MILLISECONDS = 20;

/** Made beside its place and moved there whole, so that a start that was killed halfway is begun again. */
export async function createCluster(
  directory: string,
  binaries: PostgresBinaries,
  launcher: PostgresLauncher,
  durability: Durability,
): Promise<void> {
  if (await exists(path.join(directory, 'PG_VERSION'))) return;
  const { uid, gid } = launcher.owner;
  const unfinished = `${directory}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await chown(unfinished, uid, gid);
  // The builtin locale sorts alike on every machine and after every upgrade of the system's C library.
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const user = ['-U', EMBEDDED_POSTGRES_USER, '--auth=trust'];
  const sync = durability === 'throwaway' ? ['--no-sync'] : [];
  const [program = '', ...args] = [...launcher.prefix, binaries.initdb, '-D', unfinished, ...user, ...locale, ...sync];
  try {
    await run(program, args, { uid, gid, cwd: '/' });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    await rm(unfinished, { recursive: true, force: true });
    throw new StartError(
      `The embedded Postgres cannot make its files in ${directory}: ${(stderr || message).trim().split('\n').at(-1)}`,
      'Check free space and permissions there, or set DATABASE_URL to a Postgres of version 15 or newer.',
      { cause },
    );
  }
  await rename(unfinished, directory);
}

/** Who may connect: whoever can open the socket; over TCP, where it is asked for, only with the password. */
export async function writeAccessRules(directory: string, launcher: PostgresLauncher, tcp: boolean): Promise<void> {
  const file = path.join(directory, 'pg_hba.conf');
  const loopback = tcp ? ['host all all 127.0.0.1/32 scram-sha-256'] : [];
  await writeFile(file, ['local all all trust', ...loopback, ''].join('\n'), { mode: 0o600 });
  await chown(file, launcher.owner.uid, launcher.owner.gid);
}

/**
 * A server of an earlier run may still be stopping, or may have outlived its parent where nothing stopped it: nobody
 * else may use this directory, so it is asked to go. Returns the process id it recorded when that number now belongs
 * to an unrelated process.
 */
export async function endOrphan(directory: string, timers: Timers, clock: Clock): Promise<number | undefined> {
  const pid = await recordedPostmaster(directory);
  if (pid === undefined) return undefined;
  const deadline = clock.monotonic() + ORPHAN_DEADLINE_MILLISECONDS;
  while (await isPostmasterOf(directory, pid)) {
    if (clock.monotonic() > deadline) {
      throw new StartError(
        `A Postgres server of an earlier run (process ${pid}) still uses ${directory} and does not stop.`,
        `Stop it with \`kill -INT ${pid}\` and start again.`,
      );
    }
    try {
      process.kill(pid, 'SIGINT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await timers.sleep(ORPHAN_POLL_MILLISECONDS);
  }
  return isAlive(pid) ? pid : undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
