import { commandIdFor } from '@daybook/kernel';
import { endInstances, Instance, temporaryDirectory, until, type Answer } from '../support/instance.js';

jest.setTimeout(60_000);

const KEY = '3f1d0c9e-6a54-4f3b-9a53-0f6c1f6f2a11';
const FOREIGN_POSITION = 'ffffffff-0000000000000001';

interface Item {
  readonly commandId?: string;
  readonly replayed?: boolean;
  readonly result?: Record<string, unknown>;
  readonly data?: Record<string, unknown>;
  readonly position?: string;
  readonly problem?: { readonly code: string; readonly status: number; readonly instance: string; readonly errors?: readonly { readonly pointer: string }[] };
}

function results({ body }: Answer): readonly Item[] {
  return (body as { results: readonly Item[] }).results;
}

function outcomes(answer: Answer): readonly unknown[] {
  return results(answer).map(({ problem }) => problem?.code ?? 'ok');
}

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let instance: Instance;
let ada: string;
let bob: string;
let families = 0;

beforeAll(async () => {
  directory = await temporaryDirectory();
  instance = await Instance.start({ dataDirectory: directory.path });
  [ada, bob] = [await instance.token('ada'), await instance.token('bob')];
});
afterAll(async () => {
  await endInstances(directory.path);
  await directory.remove();
});

function newFamilyId(): string {
  families += 1;
  return `0b6f0c1e-3c52-4a44-9d2e-${families.toString(16).padStart(12, '0')}`;
}

const command = (name: string, body: unknown, { token = ada, ...headers }: Record<string, string> = {}) =>
  instance.send('POST', `/v1/commands/${name}`, { token, body, headers });
const batch = (commands: readonly unknown[], headers: Record<string, string> = {}) =>
  instance.send('POST', '/v1/commands', { token: ada, body: { commands }, headers });
const query = (address: string, headers: Record<string, string> = {}) =>
  instance.send('GET', `/v1/queries/${address}`, { token: ada, headers });
const ask = (body: unknown) => instance.send('POST', '/v1/queries', { token: ada, body });

async function givenFamily(name = 'Home'): Promise<string> {
  const familyId = newFamilyId();
  const answer = await command('createFamily', { familyId, name }, { prefer: 'wait=5' });
  expect(answer).toMatchObject({ status: 200, body: { projected: true } });
  return familyId;
}

describe('an Idempotency-Key', () => {
  it('is the command id when it is a UUID, and mapped to one else; quoted or not it is the same', async () => {
    const [one, other] = [newFamilyId(), newFamilyId()];
    const uuid = await command('createFamily', { familyId: one, name: 'Home' }, { 'idempotency-key': KEY });
    expect(uuid.body).toMatchObject({ commandId: KEY });
    const bare = await command('createFamily', { familyId: other, name: 'Home' }, { 'idempotency-key': 'first' });
    expect(bare.body).toMatchObject({ commandId: commandIdFor('ada', 'createFamily', other, 'first') });
    const quoted = await command('createFamily', { familyId: other, name: 'Home' }, { 'idempotency-key': '"first"' });
    expect([quoted.headers.get('idempotency-replayed'), quoted.body]).toEqual(['true', bare.body]);
  });

  it('with another body, or from somebody else, is refused', async () => {
    const familyId = newFamilyId();
    const key = { 'idempotency-key': '7a0b8a35-0b6e-4a86-9a7e-7f6f0a4b1c22' };
    expect(await command('createFamily', { familyId, name: 'Home' }, key)).toMatchObject({ status: 200 });
    for (const [name, token] of [['Cottage', ada], ['Home', bob]] as const) {
      expect(await command('createFamily', { familyId, name }, { ...key, token })).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    }
  });

  it('keeps the answer of a command that had nothing to do, and what was refused is decided anew', async () => {
    const familyId = await givenFamily();
    const key = { 'idempotency-key': 'quiet' };
    const first = await command('createFamily', { familyId, name: 'Home' }, key);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await command('createFamily', { familyId, name: 'Home' }, key);
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    expect(await command('createFamily', { familyId, name: 'Cottage' }, key)).toMatchObject({ status: 422 });
    for (let times = 0; times < 2; times += 1) {
      expect(await command('createFamily', { familyId, name: 'Cottage' }, { 'idempotency-key': 'refused' })).toMatchObject({
        status: 409,
        body: { code: 'FAMILY_EXISTS' },
      });
    }
  });

  it('sent many times at once is carried out once', async () => {
    const familyId = newFamilyId();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => command('createFamily', { familyId, name: 'Home' }, { 'idempotency-key': 'at-once' })),
    );
    expect(new Set(all.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(all.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(7);
  });
});

describe('a batch of commands', () => {
  it('makes a family and uses it, in order, and answers each command in its place', async () => {
    const familyId = newFamilyId();
    const answer = await batch(
      [
        { name: 'createFamily', args: { familyId, name: 'Home' }, idempotencyKey: 'one' },
        { name: 'addCategory', args: { familyId, kind: 'variable', name: 'Food' }, idempotencyKey: 'two' },
        { name: 'createFamily', args: { familyId, name: 'Home' }, idempotencyKey: 'one' },
      ],
      { prefer: 'wait=5' },
    );
    expect(answer.status).toBe(200);
    expect(outcomes(answer)).toEqual(['ok', 'ok', 'ok']);
    expect(results(answer)).toMatchObject([
      { commandId: commandIdFor('ada', 'createFamily', familyId, 'one'), result: { familyId }, projected: true },
      { projected: true },
      { replayed: true },
    ]);
    expect(answer.headers.get('preference-applied')).toBe('wait=5');
    const details = await query(`getFamilyDetails?familyId=${familyId}&minPosition=${answer.headers.get('daybook-position')}`);
    expect(JSON.stringify(details.body)).toContain('"Food"');
  });

  it('goes on after a refusal, which is a problem in its place with pointers into its own arguments', async () => {
    const familyId = newFamilyId();
    const answer = await batch([
      { name: 'createFamily', args: { familyId, name: 5, more: 1 } },
      { name: 'noSuchCommand' },
      { name: 'createFamily', args: [] },
      { name: 'createFamily', args: { familyId, name: 'x'.repeat(300_000) } },
      { name: 'createFamily', args: { familyId, name: 'Home' } },
    ]);
    expect(outcomes(answer)).toEqual(['VALIDATION_FAILED', 'UNKNOWN_COMMAND', 'VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'ok']);
    const [first] = results(answer);
    expect(first?.problem).toMatchObject({ status: 400, instance: '/v1/commands#/commands/0' });
    expect(first?.problem?.errors?.map(({ pointer }) => pointer)).toEqual(['/name', '/more']);
  });

  it('that is malformed, too long or too large is refused as a whole', async () => {
    const malformed = await batch([{ name: 'createFamily', args: {} }, { name: 'createFamily' }, {}, { name: 7 }]);
    expect(malformed).toMatchObject({ status: 400, body: { errors: [{ pointer: '/commands/2/name' }, { pointer: '/commands/3/name' }] } });
    const long = await batch(Array.from({ length: 501 }, () => ({ name: 'createFamily' })));
    expect(long).toMatchObject({ status: 400, body: { errors: [{ pointer: '/commands' }] } });
    expect(await batch([{ name: 'createFamily', args: { name: 'x'.repeat(1_100_000) } }])).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(await batch([{ name: 'createFamily' }], { 'idempotency-key': 'all' })).toMatchObject({ status: 400 });
    expect(await instance.send('POST', '/v1/commands', { body: { commands: [] } })).toMatchObject({ status: 401 });
  });
});

describe('a query', () => {
  it('names its answer, and says no more than that nothing has changed', async () => {
    const familyId = await givenFamily();
    const first = await query(`getFamilyDetails?familyId=${familyId}`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    await givenFamily('Elsewhere');
    const again = await query(`getFamilyDetails?familyId=${familyId}`, { 'if-none-match': `"other", ${etag}` });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((again.headers.get('daybook-position') ?? '') > ((first.body as Item).position ?? '')).toBe(true);
    expect(again.headers.get('etag')).toBe(etag);
    expect(again.headers.get('cache-control')).toBe('private, no-cache');
    expect(again.headers.get('vary')).toContain('Authorization');
    const changed = await command('addCategory', { familyId, kind: 'variable', name: 'Food' }, { prefer: 'wait=5' });
    expect(changed.status).toBe(200);
    expect(await query(`getFamilyDetails?familyId=${familyId}`, { 'if-none-match': etag })).toMatchObject({ status: 200 });
  });

  it('with a position of another log is told at once where to begin again', async () => {
    const answer = await query(`getUserFamilyContext?minPosition=${FOREIGN_POSITION}`);
    const { position } = (await query('getUserFamilyContext')).body as Item;
    expect(answer).toMatchObject({ status: 409, body: { code: 'POSITION_OTHER_LOG', current: position } });
  });

  it('with a position that is not reached in time is told when to ask again', async () => {
    const { position = '' } = (await query('getUserFamilyContext')).body as Item;
    const later = position.replace(/.{16}$/, 'f'.repeat(15)) + '0';
    const answer = await query(`getUserFamilyContext?minPosition=${later}`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'PROJECTION_BEHIND' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it.each([
    ['minPosition=', 'minPosition'],
    ['minPosition=7', 'minPosition'],
    ['userId=a&userId=b', 'userId'],
    ['nosuch=1', 'nosuch'],
    ['user%5Bid%5D=1', 'user[id]'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ])('with ?%s is refused by the name of the parameter', async (parameters, name) => {
    expect(await query(`getUserFamilyContext?${parameters}`)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ path: name }] },
    });
  });

  it('takes what looks like JSON for text', async () => {
    expect(await query(`getUserFamilyContext?userId=${encodeURIComponent('{"not":"ada"}')}`)).toMatchObject({ status: 403 });
    expect(await query(`getFamilyDetails?familyId=${encodeURIComponent('["x"]')}`)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/familyId' }] },
    });
  });
});

describe('a list', () => {
  const spending = (familyId: string, clientId: string, date: string) => ({
    name: 'createTransaction',
    args: { familyId, clientId, date, amount: '1.00', type: 'expense', category: 'variable' },
  });
  const idsIn = (answer: Answer) => ((answer.body as Item).data?.['transactions'] as { clientId: string }[]).map(({ clientId }) => clientId);
  const cursorIn = (answer: Answer) => (answer.body as { nextCursor: string | null }).nextCursor;

  it('comes in pages, the newest first, of which none moves when something is added, and whose cursor goes with its arguments', async () => {
    const familyId = newFamilyId();
    const { headers } = await batch(
      [
        { name: 'createFamily', args: { familyId, name: 'Home', budgetStartDate: '2026-04-01' } },
        ...['1', '2', '3', '4', '5'].map((day) => spending(familyId, day, `2026-04-0${day}`)),
      ],
      { prefer: 'wait=5' },
    );
    const asked = `getFamilyTransactions?familyId=${familyId}`;
    const first = await query(`${asked}&limit=2&minPosition=${headers.get('daybook-position')}`);
    expect([first.status, idsIn(first)]).toEqual([200, ['5', '4']]);
    const cursor = cursorIn(first);
    await batch([spending(familyId, 'late', '2026-04-06'), spending(familyId, 'early', '2026-04-02')], { prefer: 'wait=5' });

    const second = await query(`${asked}&limit=3&cursor=${cursor}`);
    expect(idsIn(second)).toHaveLength(3);
    expect(idsIn(second)[0]).toBe('3');
    const last = await query(`${asked}&limit=200&cursor=${cursorIn(second)}`);
    expect([...idsIn(second), ...idsIn(last)].sort()).toEqual(['1', '2', '3', 'early']);
    expect(cursorIn(last)).toBeNull();
    for (const other of [`${asked}&order=asc`, `${asked}&category=fixed`, `getDailyTransactions?familyId=${familyId}&date=2026-04-05`]) {
      expect(await query(`${other}&cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'CURSOR_INVALID' } });
    }
  });
});

describe('a batch of queries', () => {
  it('answers all at one position, each in its place', async () => {
    const familyId = await givenFamily();
    const { position } = (await query(`getFamilyDetails?familyId=${familyId}`)).body as Item;
    const answer = await ask({
      queries: [
        { name: 'getFamilyDetails', args: { familyId } },
        { name: 'getUserFamilyContext' },
        { name: 'getFamilyDetails', args: { familyId: KEY } },
        { name: 'getFamilyDetails', args: { familyId: 5 } },
        { name: 'noSuchQuery' },
      ],
      minPosition: position,
    });
    expect(outcomes(answer)).toEqual(['ok', 'ok', 'NOT_FOUND', 'VALIDATION_FAILED', 'UNKNOWN_QUERY']);
    const at = (answer.body as Item).position;
    expect(results(answer).slice(0, 2).map((item) => item.position)).toEqual([at, at]);
    expect(results(answer)[0]?.data).toEqual(((await query(`getFamilyDetails?familyId=${familyId}`)).body as Item).data);
    expect(answer.headers.get('daybook-position')).toBe(at);
  });

  it('that is malformed, or from another log, is refused as a whole', async () => {
    const queries = [{ name: 'getUserFamilyContext' }];
    expect(await ask({ queries: [...queries, { args: {} }] })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/queries/1/name' }] } });
    expect(await ask({ queries: Array.from({ length: 21 }, () => queries[0]) })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/queries' }] } });
    expect(await ask({ queries, minPosition: '' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/minPosition' }] } });
    expect(await ask({ queries, minPosition: FOREIGN_POSITION })).toMatchObject({ status: 409, body: { code: 'POSITION_OTHER_LOG' } });
  });
});

describe('the clock of dev mode', () => {
  const clock = (body: unknown) => instance.send('POST', '/v1/dev/clock', { body });
  afterEach(() => clock({ now: null }));

  it('moves every role of the process, and no token expires by it', async () => {
    const familyId = await givenFamily();
    const today = async () => ((await query(`getFamilyDetails?familyId=${familyId}`)).body as Item).data?.['today'];
    expect(await clock({ now: '2031-03-01T12:00:00Z' })).toMatchObject({ status: 200 });
    expect(await today()).toBe('2031-03-01');
    await clock({ advance: 'P400D' });
    expect(await today()).toBe('2032-04-04');
    expect(await instance.send('GET', '/health/ready')).toMatchObject({ status: 200, body: { testClock: { now: expect.stringMatching(/^2032-04-04T12/) as string } } });
    expect((await instance.send('GET', '/')).body).toContain('2032-04-04T12');
    await clock({ now: null });
    expect(await today()).not.toBe('2032-04-04');
    expect((await instance.send('GET', '/health/ready')).body).not.toHaveProperty('testClock');
  });
});

describe('a server of its own', () => {
  let own: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => (own = await temporaryDirectory()));
  afterEach(async () => {
    await endInstances(own.path);
    await own.remove();
  });

  it('that is told to stop in the middle of a batch says which commands it has not begun, and goes', async () => {
    const stopped = await Instance.start({ dataDirectory: own.path });
    const token = await stopped.token('ada');
    const commands = Array.from({ length: 500 }, (_, index) => ({ name: 'createFamily', args: { name: `Home ${index}` } }));
    const answered = stopped.send('POST', '/v1/commands', { token, body: { commands } });
    const begun = async () => {
      const { body } = await stopped.send('GET', '/v1/queries/getUserFamilyContext', { token });
      return ((body as { data?: { memberships: unknown[] } }).data?.memberships ?? []).length > 0;
    };
    await until(begun, 10_000, () => stopped.output);
    const exit = stopped.interrupt();
    const told = outcomes(await answered);
    expect(told).toHaveLength(500);
    expect(told[0]).toBe('ok');
    expect(new Set(told)).toEqual(new Set(['ok', 'SHUTTING_DOWN']));
    expect(told.lastIndexOf('ok')).toBe(told.indexOf('SHUTTING_DOWN') - 1);
    expect(await exit).toEqual({ code: 0, signal: null });
  });

  it('has no clock to move where tokens are not for everybody', async () => {
    const environment = { AUTH_MODE: 'oidc', AUTH_ISSUER: 'http://127.0.0.1:9', AUTH_AUDIENCE: 'daybook' };
    const strict = await Instance.start({ dataDirectory: own.path, environment });
    for (const address of ['clock', 'tokens']) {
      expect(await strict.send('POST', `/v1/dev/${address}`, { body: {} })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
    expect(await strict.interrupt()).toEqual({ code: 0, signal: null });
  });
});
