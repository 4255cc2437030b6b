import {
  ensureDatabase,
  migrate,
  OPS_MIGRATIONS,
  openOps,
  openPostgres,
  opsDatabaseUrl,
  startEmbeddedPostgres,
  toolsPassword,
  type Config,
  type Ops,
  type Postgres,
} from '@daybook/platform';
import { projectionMigrations } from '@daybook/projections';
import type { Log, Random } from '@daybook/kernel';
import { prepareUpgrade, type Upgrade } from './upgrade.js';

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

export async function startDatabaseServer({ database }: Config, dataDirectory: string, random: Random): Promise<DatabaseServer> {
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
    ...(tcpPort !== undefined && { tcp: { port: tcpPort, password: await toolsPassword(dataDirectory, random) } }),
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
  const postgres = await openPostgres<unknown>({
    url,
    applicationName: 'api',
    onConnectionLost: (error) => lost(log, error),
  });
  await migrate(postgres.pool, projectionMigrations, { schema: 'projections' });
  return postgres;
}

export async function openOpsDatabase(config: Config, readUrl: string, log: Log, upgrade: Upgrade): Promise<Ops> {
  const url = await opsDatabaseUrl(readUrl, config.opsDatabaseUrl?.reveal());
  await prepareUpgrade(url, OPS_MIGRATIONS, upgrade);
  return openOps({ url, onConnectionLost: (error) => lost(log, error) });
}

function lost(log: Log, error: Error): void {
  log.warn('A database connection was lost', { error });
}
