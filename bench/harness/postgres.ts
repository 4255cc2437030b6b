import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@daybook/platform';
import pg from 'pg';

/** The product's own server, durable, reachable by TCP as well because not every library can speak through a socket. */
export interface BenchPostgres {
  readonly pid: number;
  /** Over TCP on loopback. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** Of the server's connections a contender may have so many, and closes them when its slice is over. */
export const CONNECTIONS_MAX = 45;

export async function startBenchPostgres(directory: string): Promise<BenchPostgres> {
  const [port, password] = [await freePort(), randomBytes(12).toString('hex')];
  const server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDirectory: directory, tcp: { port, password } });
  const user = new URL(server.url('postgres')).username;
  return {
    pid: server.pid,
    url: (database) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => server.stop(),
  };
}

export async function createDatabase({ url }: BenchPostgres, name: string): Promise<string> {
  await withClient(url('postgres'), (client) => client.query(`create database ${name}`));
  return url(name);
}

/** Refuses to measure a server that does not sync: its figures would be of something else. */
export async function assertDurable({ url }: BenchPostgres): Promise<string> {
  return withClient(url('postgres'), async (client) => {
    const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers'];
    const { rows } = await client.query<Record<string, string>>(`select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`);
    const [settings = {}] = rows;
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      if (settings[name] !== 'on') throw new Error(`Postgres has ${name} = ${settings[name]}`);
    }
    return `Postgres ${names.map((name) => (name === 'server_version' ? settings[name] : `${name} ${settings[name]}`)).join(', ')}`;
  });
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
