import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Clock, Timers } from '@daybook/kernel';
import { StartError } from '../system/start-error.js';
import { systemClock } from '../system/system-clock.js';
import { systemTimers } from '../system/system-timers.js';
import { createCluster, EMBEDDED_POSTGRES_USER, endOrphan, writeAccessRules } from './cluster.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { choosePostgresLauncher, giveTo, letPass } from './postgres-launcher.js';
import { postgresSettings, type Durability } from './postgres-settings.js';
import { spawnServer, type ServerProcess } from './server-process.js';
import { makeSocketDirectory } from './socket-directory.js';

const SOCKET_PORT = 5432;
const START_DEADLINE_MILLISECONDS = 60_000;
/** After a crash the server replays its log before it answers: it says so, and then it may take its time. */
const RECOVERY_DEADLINE_MILLISECONDS = 600_000;
const POLL_MILLISECONDS = 5;
const STARTING_UP = '57P03';

export interface EmbeddedPostgresOptions {
  /** The server's files go to `<dataDirectory>/postgres-<major>`. The caller holds the lock of this directory. */
  readonly dataDirectory: string;
  readonly durability?: Durability;
  /** Also listens on 127.0.0.1, for tools; there every connection needs the password. Without it: no TCP at all. */
  readonly tcp?: { readonly port: number; readonly password: string };
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface EmbeddedPostgres {
  readonly major: number;
  readonly pid: number;
  readonly clusterDirectory: string;
  readonly socketDirectory: string;
  readonly logFile: string;
  /** Settles when the server is gone, asked for or not. */
  readonly exited: Promise<void>;
  /** Connection string of a database, over the socket. */
  url(database: string): string;
  /** Ends every session, writes everything down and waits for the end of the process. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * A real Postgres server from the binaries npm installed, as a child of this process, reachable through a Unix socket
 * that only this user can open. It goes when this process goes, also by kill -9. Must be called on the main thread: on
 * Linux the server's life is tied to the thread that started it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durability = 'durable', clock = systemClock, timers = systemTimers, tcp } = options;
  const binaries = findPostgresBinaries();
  const launcher = await choosePostgresLauncher(binaries.postgres);
  const dataDirectory = await realpath(options.dataDirectory);
  const clusterDirectory = path.join(dataDirectory, `postgres-${launcher.major}`);
  const logFile = path.join(dataDirectory, 'postgres.log');

  await letPass(launcher.owner, dataDirectory);
  await createCluster(clusterDirectory, binaries, launcher, durability);
  await giveTo(launcher.owner, clusterDirectory);
  await writeAccessRules(clusterDirectory, launcher, tcp !== undefined);
  const stalePid = await endOrphan(clusterDirectory, timers, clock);
  const socketDirectory = await makeSocketDirectory(clusterDirectory, launcher.owner);
  const port = tcp?.port ?? SOCKET_PORT;
  const settings = { ...postgresSettings(durability), listen_addresses: tcp ? '127.0.0.1' : '', unix_socket_permissions: '0700' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await spawnServer({
    command: [...launcher.prefix, binaries.postgres, '-D', clusterDirectory, '-k', socketDirectory, '-p', String(port), ...flags],
    owner: launcher.owner,
    logFile,
    diesWithParent: launcher.diesWithParent,
    stalePid,
    timers,
  });

  const url = (database: string): string =>
    `postgres://${EMBEDDED_POSTGRES_USER}@localhost:${port}/${encodeURIComponent(database)}` +
    `?host=${encodeURIComponent(socketDirectory)}&sslmode=disable`;
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(socketDirectory, { recursive: true, force: true });
  };
  try {
    await untilReady(url('postgres'), server, clock, timers);
    if (tcp) await setPassword(url('postgres'), tcp.password);
  } catch (error) {
    await stop();
    throw error;
  }
  return { major: launcher.major, pid: server.pid, clusterDirectory, socketDirectory, logFile, exited: server.exited, url, stop };
}

/** Asks again and again, because an answer is what readiness means; the log is only for people. */
async function untilReady(url: string, server: ServerProcess, clock: Clock, timers: Timers): Promise<void> {
  const started = clock.monotonic();
  for (;;) {
    const answer = await askOnce(url);
    if (answer === 'ready') return;
    const patience = answer === STARTING_UP ? RECOVERY_DEADLINE_MILLISECONDS : START_DEADLINE_MILLISECONDS;
    if (server.hasExited() || clock.monotonic() - started > patience) {
      const state = server.hasExited() ? 'stopped while starting' : `does not answer (${answer})`;
      throw new StartError(
        `The embedded Postgres ${state}. Its last words:\n${await server.lastWords()}`,
        `The whole log is ${server.logFile}. A full disk or wrong permissions are the usual reasons; ` +
          'DATABASE_URL names a server of your own.',
      );
    }
    await timers.sleep(POLL_MILLISECONDS);
  }
}

async function askOnce(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return 'ready';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function setPassword(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`alter role ${EMBEDDED_POSTGRES_USER} password ${pg.escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
}
