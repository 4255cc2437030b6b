import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { isAlive } from './postmaster-pid.js';

const DIST = path.resolve(__dirname, '../../../../dist/libs/platform/src/postgres/embedded-postgres.js');

/** Starts a server, says its process id and waits to be killed. */
const launcher = `
  require(process.argv[1]).startEmbeddedPostgres({ dataDirectory: process.argv[2] }).then(
    (server) => { require('node:fs').writeSync(1, server.pid + '\\n'); setInterval(() => {}, 1000); },
    (error) => { console.error(error); process.exit(1); },
  );
`;

let initialised: string;
let dataDirectory: string;
beforeAll(async () => {
  initialised = await mkdtemp(path.join(tmpdir(), 'daybook-pg-test-'));
  await (await startEmbeddedPostgres({ dataDirectory: initialised, durability: 'throwaway' })).stop();
});
afterAll(() => rm(initialised, { recursive: true }));
beforeEach(async () => {
  dataDirectory = await mkdtemp(path.join(tmpdir(), 'daybook-pg-test-'));
  await cp(initialised, dataDirectory, { recursive: true });
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

async function withServer<Result>(work: (server: EmbeddedPostgres) => Promise<Result>, options = {}): Promise<Result> {
  const server = await startEmbeddedPostgres({ dataDirectory, durability: 'throwaway', ...options });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function launchInProcess(env: NodeJS.ProcessEnv = process.env): Promise<{ child: ChildProcess; serverPid: number }> {
  const child = spawn(process.execPath, ['-e', launcher, DIST, dataDirectory], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, serverPid: Number(said.toString()) };
}

async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

async function untilGone(pid: number): Promise<boolean> {
  for (let poll = 0; poll < 500 && isRunning(pid); poll += 1) await sleep(20);
  return !isRunning(pid);
}

/** A process whose parent does not look after it stays in the table when it has ended; that is no server any more. */
function isRunning(pid: number): boolean {
  return isAlive(pid) && existsSync(`/proc/${pid}/cwd`);
}

describe('the embedded Postgres', () => {
  it('makes its own files, runs on a socket only its user can open, keeps its data, and leaves nothing when it stops', async () => {
    await rm(dataDirectory, { recursive: true });
    await mkdir(dataDirectory);
    const socketDirectory = await withServer(async (server) => {
      await query(server.url('postgres'), 'create table kept as select 1 as one');
      expect((await stat(server.socketDirectory)).mode & 0o777).toBe(0o700);
      expect(await query(server.url('postgres'), 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
      expect(await query(server.url('postgres'), 'show fsync')).toEqual([{ fsync: 'on' }]);
      return server.socketDirectory;
    }, { durability: 'durable' });
    expect(existsSync(socketDirectory)).toBe(false);
    await withServer(async (server) => {
      expect(await query(server.url('postgres'), 'select * from kept')).toEqual([{ one: 1 }]);
      await server.stop();
      await server.exited;
    });
  });

  it('runs beside another one with another directory', async () => {
    const other = await mkdtemp(path.join(tmpdir(), 'daybook-pg-test-'));
    await withServer(async (first) => {
      const second = await startEmbeddedPostgres({ dataDirectory: other, durability: 'throwaway' });
      expect(second.socketDirectory).not.toBe(first.socketDirectory);
      expect(await query(second.url('postgres'), 'show fsync')).toEqual([{ fsync: 'off' }]);
      await second.stop();
    });
    await rm(other, { recursive: true });
  });

  it.each([
    ['the kernel', undefined],
    ['a guard where the kernel cannot', 'without setpriv'],
  ])('is stopped by %s when its parent is killed, and keeps what was committed', async (_, kind) => {
    const env = kind ? { ...process.env, PATH: await pathWithout('setpriv') } : process.env;
    const { child, serverPid } = await launchInProcess(env);
    expect(isRunning(serverPid)).toBe(true);
    await killHard(child);
    expect(await untilGone(serverPid)).toBe(true);
    await withServer((server) => query(server.url('postgres'), 'select 1'));
  });

  it('starts again at once after its parent was killed, also while the old server still stops', async () => {
    const { child } = await launchInProcess();
    await killHard(child);
    await withServer((server) => query(server.url('postgres'), 'select 1'));
  });

  it('recovers by itself after it was killed', async () => {
    const first = await startEmbeddedPostgres({ dataDirectory });
    await query(first.url('postgres'), 'create table kept as select 1 as one');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    await first.stop();
    await withServer(async (server) => expect(await query(server.url('postgres'), 'select * from kept')).toEqual([{ one: 1 }]));
  });

  it('is not fooled by a process id in use again', async () => {
    const clusterDirectory = await withServer(async (server) => server.clusterDirectory);
    // As a crash leaves it, with the number of a process that lives and is no Postgres: this one.
    await writeFile(path.join(clusterDirectory, 'postmaster.pid'), `${process.ppid}\n${clusterDirectory}\n0\n5432\n\n\n0\n`, { mode: 0o600 });
    await withServer((server) => query(server.url('postgres'), 'select 1'));
  });

  it('begins again where a first start was killed', async () => {
    const clusterDirectory = await withServer(async (server) => server.clusterDirectory);
    await rename(clusterDirectory, `${clusterDirectory}.new`);
    await rm(path.join(`${clusterDirectory}.new`, 'global'), { recursive: true });
    await withServer((server) => query(server.url('postgres'), 'select 1'));
    expect(existsSync(`${clusterDirectory}.new`)).toBe(false);
  });

  it('says in its own words why it cannot start, and what to do', async () => {
    const clusterDirectory = await withServer(async (server) => server.clusterDirectory);
    await rm(path.join(clusterDirectory, 'global', 'pg_control'));
    const refusal = await startEmbeddedPostgres({ dataDirectory }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^The embedded Postgres stopped while starting\. Its last words:\n[^]*pg_control/),
      hint: expect.stringContaining(path.join(dataDirectory, 'postgres.log')),
    });
  });

  it('listens on loopback for tools when asked, and there only with the password', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    await withServer(async (server) => {
      const over = (password: string) => `postgres://app:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
      expect(await query(over('right'), 'select 1 as one')).toEqual([{ one: 1 }]);
      await expect(query(over('wrong'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
      expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
    }, { tcp: { port, password: 'right' } });
  });

  it('stays out of a socket directory that is not its own', async () => {
    const socketDirectory = await withServer(async (server) => server.socketDirectory);
    await symlink(dataDirectory, socketDirectory);
    await withServer(async (server) => {
      expect(server.socketDirectory).not.toBe(socketDirectory);
      await query(server.url('postgres'), 'select 1');
    });
    await rm(socketDirectory);
  });

  it('begins a new log when the old one has grown', async () => {
    await writeFile(path.join(dataDirectory, 'postgres.log'), Buffer.alloc(9 * 1024 * 1024, 'x'));
    await withServer((server) => query(server.url('postgres'), 'select 1'));
    expect((await stat(path.join(dataDirectory, 'postgres.log.1'))).size).toBe(9 * 1024 * 1024);
    expect(await readFile(path.join(dataDirectory, 'postgres.log'), 'utf8')).toContain('ready to accept connections');
  });
});

/** A search path that leads to everything the launcher may use except one program. */
async function pathWithout(program: string): Promise<string> {
  const directory = path.join(dataDirectory, 'bin');
  await mkdir(directory);
  for (const name of ['unshare', 'setpriv', 'node']) {
    const found = (process.env.PATH ?? '').split(':').map((place) => path.join(place, name)).find(existsSync);
    if (found && name !== program) await symlink(found, path.join(directory, name));
  }
  await chmod(directory, 0o755);
  return directory;
}
