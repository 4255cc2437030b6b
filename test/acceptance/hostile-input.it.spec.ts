import { EsdbStore } from '@daybook/eventsourcing';
import { householdCommands, householdQueries } from '@daybook/household';
import { ERRORS } from '@daybook/kernel';
import { systemTimers, type CommandContract, type QueryContract } from '@daybook/platform';
import { EXAMPLE_NOW, exampleCommands, queryString, type ExampleArgs } from '../support/examples.js';
import { misshapen, mutationsOf, RAW_JSON, RAW_TEXT } from '../support/hostile-values.js';
import { endInstances, Instance, temporaryDirectory } from '../support/instance.js';

jest.setTimeout(120_000);

const COMMANDS_A_BATCH = 60;
const QUERIES_A_BATCH = 20;
const PATIENCE = 10;

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}
interface Item {
  readonly problem?: Problem;
}

const commands = householdCommands.map(({ contract }) => [contract.name, contract] as const);
const queries = householdQueries.map(({ contract }) => [contract.name, contract] as const);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let instance: Instance;
let store: EsdbStore;
let token: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  instance = await Instance.start({ dataDirectory: directory.path });
  token = await instance.token('ada');
  await instance.send('POST', '/v1/dev/clock', { body: { now: EXAMPLE_NOW } });
  const story = exampleCommands().map(({ contract, args }) => ({ name: contract.name, args }));
  const told = await instance.send('POST', '/v1/commands', { token, body: { commands: story }, headers: { prefer: 'wait=5' } });
  expect((told.body as { results: Item[] }).results.filter(({ problem }) => problem !== undefined)).toEqual([]);
  const port = /Event store\s+embedded, 127\.0\.0\.1:(\d+)/.exec(instance.output)?.[1];
  store = new EsdbStore({ url: `esdb://127.0.0.1:${port}?tls=false`, timers: systemTimers });
});
afterAll(async () => {
  await store.close();
  await endInstances(directory.path);
  await directory.remove();
});

async function eventsStored(): Promise<number> {
  let count = 0;
  for await (const event of store.readAll()) count += event === null ? 0 : 1;
  return count;
}

/** Sends raw text, which no library has made well formed before. */
async function post(address: string, body: string): Promise<{ readonly status: number; readonly problem: Problem }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(new URL(address, instance.url), { method: 'POST', headers, body });
  return { status: answer.status, problem: (await answer.json()) as Problem };
}

async function inBatches(kind: 'commands' | 'queries', name: string, all: readonly unknown[]): Promise<Item[]> {
  const size = kind === 'commands' ? COMMANDS_A_BATCH : QUERIES_A_BATCH;
  const items: Item[] = [];
  for (let from = 0; from < all.length; from += size) items.push(...(await inOneBatch(kind, name, all.slice(from, from + size))));
  return items;
}

/** What a busy machine has no time for says nothing about its arguments: it is sent again, as its answer says. */
async function inOneBatch(kind: 'commands' | 'queries', name: string, all: readonly unknown[], patience = PATIENCE): Promise<Item[]> {
  const answer = await instance.send('POST', `/v1/${kind}`, { token, body: { [kind]: all.map((args) => ({ name, args })) } });
  expect(answer).toMatchObject({ status: 200 });
  const { results } = answer.body as { results: Item[] };
  const late = results.findIndex(({ problem }) => problem?.status === 503);
  if (late < 0 || patience === 0) return results;
  return [...results.slice(0, late), ...(await inOneBatch(kind, name, all.slice(late), patience - 1))];
}

/** What the contract refuses is refused with a pointer to it; where two arguments exclude each other, to one of them. */
function expectPointed(problem: Problem | undefined, pointer: string, about: unknown, isRightAlone = false): void {
  const pointers = problem?.errors?.map((error) => error.pointer) ?? [];
  const isPointed = pointers.some((one) => one === pointer || one.startsWith(`${pointer}/`) || (isRightAlone && one !== ''));
  expect([about, problem?.status, problem?.code, isPointed ? pointer : pointers]).toEqual([about, 400, 'VALIDATION_FAILED', pointer]);
}

/**
 * Whatever it is, it is no fault of ours: an answer, or a refusal of the closed list that is the caller's, and one that
 * speaks of the arguments says of which.
 */
function expectNoFault(problem: Problem | undefined, about: unknown): void {
  if (problem === undefined) return;
  const isCallers = problem.status >= 400 && problem.status < 500 && problem.code in ERRORS;
  const isPointed = ![400, 422].includes(problem.status) || problem.code.startsWith('IDEMPOTENCY') || (problem.errors ?? []).length > 0;
  expect([about, problem, isCallers, isPointed]).toEqual([about, problem, true, true]);
}

function isRightAlone({ args }: CommandContract | QueryContract, pointer: string, value: unknown): boolean {
  const { shape } = args as unknown as { shape?: Readonly<Record<string, CommandContract['args']>> };
  return shape?.[pointer.slice(1)]?.safeParse(value).success === true;
}

async function tryValues(kind: 'commands' | 'queries', contract: CommandContract | QueryContract): Promise<void> {
  const refuses = (args: unknown): boolean => !contract.args.safeParse(args).success;
  const mutations = mutationsOf(contract);
  const refused = mutations.filter(({ args }) => refuses(args));
  expect(mutations.filter((one) => one.isMisplaced && !refused.includes(one)).map(({ pointer, value }) => [pointer, value])).toEqual([]);

  const before = await eventsStored();
  const answers = await inBatches(kind, contract.name, refused.map(({ args }) => args));
  answers.forEach(({ problem }, index) => {
    const { pointer = '', value, args } = refused[index] ?? {};
    expectPointed(problem, pointer, args, isRightAlone(contract, pointer, value));
  });
  const shapes = misshapen(contract);
  const told = await inBatches(kind, contract.name, shapes.map(({ args }) => args));
  told.forEach(({ problem }, index) => expectPointed(problem, shapes[index]?.pointer ?? '', shapes[index]?.args));
  expect(await eventsStored()).toBe(before);

  const taken = mutations.filter((one) => !refused.includes(one));
  const outcomes = await inBatches(kind, contract.name, taken.map(({ args }) => args));
  outcomes.forEach(({ problem }, index) => expectNoFault(problem, taken[index]?.args));
}

describe('a hostile value anywhere in the arguments', () => {
  it.each(commands)('of %s is refused with a pointer, and nothing is recorded', async (_, contract) => tryValues('commands', contract));
  it.each(queries)('of %s is refused with a pointer', async (_, contract) => tryValues('queries', contract));
});

describe('a body that is no honest JSON', () => {
  it.each(commands)('is refused by %s, and nothing is recorded', async (name, contract) => {
    const before = await eventsStored();
    const [field = 'nosuch'] = Object.keys(contract.example as ExampleArgs).slice(-1);
    const others = Object.entries(contract.example as ExampleArgs).filter(([each]) => each !== field);
    for (const [what, raw] of RAW_JSON) {
      const members = [...others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`), `${JSON.stringify(field)}:${raw}`];
      const { problem } = await post(`/v1/commands/${name}`, `{${members.join(',')}}`);
      expectPointed(problem, '', what);
    }
    const large = await post(`/v1/commands/${name}`, `{"${field}":"${'x'.repeat(1024 * 1024)}"}`);
    expect(large).toMatchObject({ status: 413, problem: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(await eventsStored()).toBe(before);
  });
});

describe('hostile text in a query string', () => {
  it.each(queries)('of %s is refused with a pointer, or is a text like any other', async (name, contract) => {
    const shape = Object.keys((contract.args as unknown as { shape?: object }).shape ?? {});
    for (const field of shape) {
      const { [field]: _replaced, ...others } = contract.example as ExampleArgs;
      for (const raw of RAW_TEXT) {
        const answer = await instance.send('GET', `/v1/queries/${name}?${queryString(others)}&${field}=${raw}`, { token });
        expectNoFault(answer.status === 200 ? undefined : (answer.body as Problem), [field, raw]);
      }
      const twice = await instance.send('GET', `/v1/queries/${name}?${queryString(others)}&${field}=1&${field}=1`, { token });
      expectPointed(twice.body as Problem, `/${field}`, 'given twice');
    }
  });
});

describe('a hostile key', () => {
  it.each(['', ' ', 'two words', 'ключ', '"', '""', '"open', 'x'.repeat(129), 'a, b'])('%j is refused', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key).toString('latin1') };
    const answer = await instance.send('POST', '/v1/commands/createFamily', { token, body: { name: 'Home' }, headers });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });
});
