import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ensureDatabase,
  migrate,
  openOps,
  openPostgres,
  opsDatabaseUrl,
  startEmbeddedPostgres,
  StartError,
  writeFileDurably,
  type Config,
  type Ops,
  type Postgres,
} from '@daybook/platform';
import { projectionMigrations } from '@daybook/projections';
import type { Log } from '@daybook/kernel';

export interface DatabaseServer {
  /** Connection string of the database that holds the read models. */
  readonly url: string;
  /** For people: where it is. */
  readonly place: string;
  /** Settles when an embedded server has ended, asked for or not; never for another server. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const READ_DATABASE = 'daybook';

export async function startDatabaseServer({ database }: Config, dataDirectory: string): Promise<DatabaseServer> {
  if (database.kind === 'external') {
    return {
      url: database.url.reveal(),
      place: 'the server of DATABASE_URL',
      ended: new Promise(() => {}),
      stop: () => Promise.resolve(),
    };
  }
  const { tcpPort } = database;
  const server = await startEmbeddedPostgres({
    dataDirectory,
    ...(tcpPort !== undefined && { tcp: { port: tcpPort, password: await toolPassword(dataDirectory) } }),
  });
  try {
    return {
      url: await ensureDatabase(server.url('postgres'), READ_DATABASE, 'DATABASE_URL'),
      place: `embedded, version ${server.major}${tcpPort === undefined ? '' : `, 127.0.0.1:${tcpPort}`}`,
      ended: server.exited,
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The read models' database, brought to this program's schema. */
export async function openReadDatabase(url: string, log: Log): Promise<Postgres<unknown>> {
  const postgres = await reachable('DATABASE_URL', () =>
    openPostgres<unknown>({ url, applicationName: 'api', onConnectionLost: (error) => lost(log, error) }),
  );
  await migrate(postgres.pool, projectionMigrations, { schema: 'projections' });
  return postgres;
}

export async function openOpsDatabase(config: Config, readUrl: string, log: Log): Promise<Ops> {
  const url = await opsDatabaseUrl(readUrl, config.opsDatabaseUrl?.reveal());
  return reachable('OPS_DATABASE_URL', () => openOps({ url, onConnectionLost: (error) => lost(log, error) }));
}

function lost(log: Log, error: Error): void {
  log.warn('A database connection was lost', { error });
}

async function reachable<Opened>(variable: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `The database cannot be reached: ${reason}.`,
      `Check that it runs and that ${variable} names it.`,
      { cause },
    );
  }
}

/** For people who open psql; it is only ever asked for over TCP. */
async function toolPassword(dataDirectory: string): Promise<string> {
  const file = path.join(dataDirectory, 'postgres.password');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  const made = randomBytes(18).toString('base64url');
  await writeFileDurably(file, `${made}\n`);
  return made;
}
