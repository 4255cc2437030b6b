import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { endInstances, Instance, processesNaming, temporaryDirectory, until, type Answer } from '../support/instance.js';

const NO_ORPHAN_WITHIN_MS = 10_000;

jest.setTimeout(60_000);

async function foundFamily(instance: Instance, key: string, name = 'Home'): Promise<Answer> {
  return instance.send('POST', '/v1/commands/createFamily', {
    token: await instance.token('ada'),
    body: { name, currency: 'EUR', timeZone: 'Europe/London' },
    headers: { 'idempotency-key': key, prefer: 'wait=5' },
  });
}

async function familiesOf(instance: Instance, user: string): Promise<unknown[]> {
  const { body } = await instance.send('GET', '/v1/queries/getUserFamilyContext', { token: await instance.token(user) });
  return (body as { data?: { memberships: unknown[] } }).data?.memberships ?? [];
}

function untilNoneIsLeft(directory: string): Promise<void> {
  return until(
    async () => (await processesNaming(directory)).length === 0,
    NO_ORPHAN_WITHIN_MS,
    () => `processes are left that name ${directory}`,
  );
}

describe('one command', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => (directory = await temporaryDirectory()));
  afterEach(async () => {
    await endInstances(directory.path);
    await directory.remove();
  });

  it('runs everything: a family is founded, projected, and read by its name', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });

    const founded = await foundFamily(instance, 'first');
    expect(founded).toMatchObject({ status: 200, body: { projected: true } });
    const { result } = founded.body as { result: { familyId: string } };
    const details = await instance.send('GET', `/v1/queries/getFamilyDetails?familyId=${result.familyId}`, {
      token: await instance.token('ada'),
    });
    expect(details.body).toMatchObject({
      data: { name: 'Home', currency: 'EUR', currencyDigits: 2, timeZone: 'Europe/London', role: 'manager' },
    });

    await instance.interrupt();
  });

  it('stops on Ctrl-C with nothing left behind, and keeps the data', async () => {
    const first = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(first, 'kept');
    expect(await first.interrupt()).toEqual({ code: 0, signal: null });
    await untilNoneIsLeft(directory.path);

    const second = await Instance.start({ dataDirectory: directory.path });
    expect(await familiesOf(second, 'ada')).toHaveLength(1);
    await second.interrupt();
  });

  it('leaves no orphan after a kill -9, loses nothing, and carries no command out twice', async () => {
    const first = await Instance.start({ dataDirectory: directory.path });
    const before = await foundFamily(first, 'once');
    await first.kill();
    await untilNoneIsLeft(directory.path);

    const second = await Instance.start({ dataDirectory: directory.path });
    const after = await foundFamily(second, 'once');
    expect(after.body).toEqual(before.body);
    expect(after.headers.get('idempotency-replayed')).toBe('true');
    expect(await familiesOf(second, 'ada')).toHaveLength(1);
    await second.interrupt();
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('goes when npm, which started it, is stopped alone by %s', async (signal) => {
    const instance = await Instance.start({ dataDirectory: directory.path, throughNpm: true });
    process.kill(instance.pid, signal);
    await untilNoneIsLeft(directory.path);
    await instance.exited;
  });

  it('goes on when the event store node is killed: commands answer again, nothing is lost', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(instance, 'before');
    const [node] = await processesNaming(path.join(directory.path, 'eventstore'));
    process.kill(node ?? 0, 'SIGKILL');

    await until(
      async () => (await foundFamily(instance, 'after', 'Cottage')).status === 200,
      20_000,
      () => instance.output,
    );
    await until(async () => (await familiesOf(instance, 'ada')).length === 2, 20_000, () => instance.output);
    await instance.interrupt();
  });

  it('answers 503 within seconds while Postgres stands still, takes commands meanwhile, and heals by itself', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    const token = await instance.token('ada');
    const server = await processesNaming(path.join(directory.path, 'postgres-'));
    const sessions = await pidsBelow(server);
    for (const pid of [...server, ...sessions]) process.kill(pid, 'SIGSTOP');

    const asked = performance.now();
    const query = await instance.send('GET', '/v1/queries/getUserFamilyContext', { token });
    expect(query).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
    expect(performance.now() - asked).toBeLessThan(5_000);
    const command = await instance.send('POST', '/v1/commands/createFamily', {
      token,
      body: { name: 'Home' },
      headers: { prefer: 'wait=1' },
    });
    expect(command).toMatchObject({ status: 200, body: { projected: false } });

    for (const pid of [...sessions, ...server]) process.kill(pid, 'SIGCONT');
    await until(async () => (await familiesOf(instance, 'ada')).length === 1, 20_000, () => instance.output);
    await instance.interrupt();
  });

  it('tells a probe under a foreign host name so, in the shape of every other error', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    const answer = await new Promise<{ status: number | undefined; type: string | undefined }>((resolve) => {
      get(`${instance.url}/health/ready`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, type: response.headers['content-type'] });
      });
    });
    expect(answer).toEqual({ status: 421, type: 'application/problem+json' });
    await instance.interrupt();
  });

  it('keeps names as ciphertext in every file it writes', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(instance, 'sealed', 'Zanzibarbecue');
    await instance.interrupt();

    expect(await filesContaining(directory.path, 'Zanzibarbecue')).toEqual([]);
    expect(await filesContaining(directory.path, 'FamilyCreated')).not.toEqual([]);
  });
});

describe('what cannot start says why in two lines', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => (directory = await temporaryDirectory()));
  afterEach(async () => {
    await endInstances(directory.path);
    await directory.remove();
  });

  async function refusal(environment: Record<string, string>): Promise<string> {
    const instance = Instance.launch({ dataDirectory: directory.path, environment });
    expect(await instance.exited).toEqual({ code: 1, signal: null });
    await untilNoneIsLeft(directory.path);
    expect(instance.output).not.toContain('    at ');
    return instance.output;
  }

  it('when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;

    expect(await refusal({ PORT: String(port) })).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    other.close();
  });

  it('when another instance holds the data directory', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    const second = Instance.launch({ dataDirectory: directory.path });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output).toContain('is in use by another Daybook');
    await instance.interrupt();
  });

  it('when a newer version has written the data', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    await instance.interrupt();
    const format = path.join(directory.path, 'format.json');
    await writeFile(format, JSON.stringify({ format: 99, daybook: '9.0.0' }));

    expect(await refusal({})).toContain('Start Daybook 9.0.0 or newer. Nothing was changed.');
  });

  it('when an older log was put back: nothing is acknowledged on it before somebody says that it is the one', async () => {
    const log = path.join(directory.path, 'eventstore');
    const first = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(first, 'old');
    await first.interrupt();
    await cp(log, path.join(directory.path, 'older'), { recursive: true });
    const second = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(second, 'new');
    await second.interrupt();
    await rm(log, { recursive: true });
    await rename(path.join(directory.path, 'older'), log);

    expect(await refusal({})).toContain('does not hold the history this instance has shown: the log went back');
    const third = await Instance.start({ dataDirectory: directory.path, flags: ['--forget-read-models'] });
    await until(async () => (await familiesOf(third, 'ada')).length === 1, 20_000, () => third.output);
    await third.interrupt();
  });

  it('when the log is gone beside a vault', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(instance, 'gone');
    await instance.interrupt();
    await rm(path.join(directory.path, 'eventstore'), { recursive: true });

    expect(await refusal({})).toContain('The vault has keys, but the log in');
  });

  it('when the vault is missing beside a log', async () => {
    const instance = await Instance.start({ dataDirectory: directory.path });
    await foundFamily(instance, 'orphaned');
    await instance.interrupt();
    await rm(path.join(directory.path, 'vault.keys'));

    expect(await refusal({})).toContain('their vault is missing');
  });

  it('when the environment is wrong, every fault at once', async () => {
    const output = await refusal({ PORT: 'ninety', LOG_LEVEL: 'loud', AUTH_MODE: 'dev', NODE_ENV: 'production' });
    expect(output).toMatch(/PORT.*ninety/);
    expect(output).toMatch(/LOG_LEVEL.*loud/);
    expect(output).toMatch(/AUTH_MODE.*refused with NODE_ENV=production/);
  });
});

async function pidsBelow(parents: readonly number[]): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => parents.includes(Number(/\) \S (\d+)/.exec(stats[index] ?? '')?.[1])));
}

async function filesContaining(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const needle = Buffer.from(text);
  const contents = await Promise.all(files.map(async (file) => (await readFile(file)).includes(needle)));
  return files.filter((_, index) => contents[index]);
}
