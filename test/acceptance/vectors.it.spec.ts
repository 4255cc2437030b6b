import { HttpTeller } from '../support/http-teller.js';
import { endInstances, Instance, temporaryDirectory } from '../support/instance.js';
import { tellVector, VECTORS, type Vector } from '../support/vectors.js';

jest.setTimeout(60_000);

const april = (day: number): string => `2026-04-${String(day).padStart(2, '0')}`;

describe('the vectors through HTTP', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let instance: Instance;
  let token: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    instance = await Instance.start({ dataDirectory: directory.path });
    token = await instance.token('ada');
  });
  afterAll(async () => {
    await endInstances(directory.path);
    await directory.remove();
  });

  const family = (vector: string, says: string, more: Partial<Vector> = {}, timeZone?: string): HttpTeller =>
    new HttpTeller(instance, token, { vector, says, beats: [], ...more }, timeZone);

  it.each(VECTORS.map((vector) => [`${vector.vector}: ${vector.says}`, vector] as const))('%s', async (_, vector) => {
    const teller = await new HttpTeller(instance, token, vector).begins();
    expect(await tellVector(vector, teller)).toBeGreaterThan(0);
  });

  it('V10: what was shown on the day stays what was known then', async () => {
    const home = await family('V10', 'as shown').begins();
    await home.on(april(10));
    await home.enters({ does: 'spends', amount: 5_000 });
    const shown = await home.query('calculateDailyBudget', {});
    expect(shown).toMatchObject({ status: 200, body: { data: { dailyBudgetAmount: '119.05' } } });
    const { data, position } = shown.body as { data: object; position: string };
    await home.on(april(11));
    await home.enters({ does: 'spends', amount: 3_000, date: april(9) });

    expect(await home.asks(april(10))).toMatchObject({ dailyBudgetAmount: 11_762 });
    const then = await home.query('calculateDailyBudget', { date: april(10), asAt: position });
    expect(then).toMatchObject({ status: 200, body: { data, position } });
  });

  it('V24: of two people who amend one version, the second is told what it is now', async () => {
    const home = await family('V24', 'two amendments of one version').begins();
    await home.on(april(3));
    const { transactionId } = await home.command('createTransaction', { amount: '45.00', type: 'expense', category: 'variable' });
    await home.command('amendTransaction', { transactionId, expectedVersion: 1, amount: '54.00' });
    const second = await home.send('amendTransaction', { transactionId, expectedVersion: 1, amount: '48.00' });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'VERSION_CONFLICT', current: { version: 2, amount: '54.00' }, changedFields: ['amount'] },
    });
    await home.on(april(4));
    expect(await home.asks(april(4))).toMatchObject({ dailyBudgetAmount: 9_060 });
  });

  it('V25: one clientId is one entry for ever, and with another amount it is refused', async () => {
    const home = await family('V25', 'one clientId twice').begins();
    const entry = { amount: '45.00', type: 'expense', category: 'variable', clientId: 'receipt 7', date: april(1) };
    const first = await home.command('createTransaction', entry);
    expect(await home.command('createTransaction', entry)).toEqual(first);
    expect(await home.send('createTransaction', { ...entry, amount: '46.00' })).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await home.asks(april(1))).toMatchObject({ spentToday: 4_500 });
  });

  it.each([
    ['Europe/London', april(1)],
    ['America/Los_Angeles', '2026-03-31'],
  ])('V30: half past eleven at night in UTC is today in %s', async (timeZone, today) => {
    const home = await family('V30', 'today', { family: { budgetStartDate: '2026-03-01' } }, timeZone).begins('2026-03-31T23:30:00Z');
    expect(await home.query('calculateDailyBudget', {})).toMatchObject({ status: 200, body: { data: { date: today, today, timeZone } } });
    await home.enters({ does: 'spends', amount: 1_000 });
    expect(await home.asks(today)).toMatchObject({ spentToday: 1_000 });
  });

  it('explains the number, shows it among the days of its period, and lists the period', async () => {
    const home = await family('all', 'four questions, one number').begins();
    await home.enters({ does: 'spends', amount: 10_000 });
    await home.on(april(2));
    const [number, explained, overview, periods] = await Promise.all([
      home.query('calculateDailyBudget', {}),
      home.query('explainDailyBudget', {}),
      home.query('getMonthlyBudgetOverview', { year: '2026', month: '3' }),
      home.query('getPeriods', {}),
    ]);
    expect(number).toMatchObject({ status: 200, body: { data: { dailyBudgetAmount: '82.76' } } });
    expect(explained).toMatchObject({ status: 200, body: { data: { dailyBudgetAmount: '82.76', spentBefore: { amount: '100.00' } } } });
    expect(overview).toMatchObject({ status: 200, body: { data: { period: april(1), spent: '100.00' } } });
    const { days } = (overview.body as { data: { days: unknown[] } }).data;
    expect(days.slice(0, 2)).toMatchObject([{ spent: '100.00' }, { dailyBudgetAmount: '82.76', spent: '0.00' }]);
    expect(periods).toMatchObject({ status: 200, body: { data: { periods: [{ period: april(1), status: 'open', spent: '100.00' }] }, nextCursor: null } });
  });

  it('tells what is wrong with a question by the field', async () => {
    const home = await family('refusals', 'wrong questions').begins();
    const refused = async (name: string, args: Record<string, string>) => {
      const { status, body } = await home.query(name, args);
      const { code, errors } = body as { code: string; errors?: { pointer: string }[] };
      return [status, code, ...(errors ?? []).map(({ pointer }) => pointer)];
    };
    expect(await refused('calculateDailyBudget', { date: '2026-03-31' })).toEqual([422, 'BEFORE_BUDGET_START', '/date']);
    expect(await refused('calculateDailyBudget', { date: '2028-04-02' })).toEqual([422, 'DATE_OUT_OF_RANGE', '/date']);
    expect(await refused('calculateDailyBudget', { date: '2026-02-30' })).toEqual([400, 'VALIDATION_FAILED', '/date']);
    expect(await refused('calculateDailyBudget', { asAt: 'yesterday' })).toEqual([400, 'VALIDATION_FAILED', '/asAt']);
    expect(await refused('calculateDailyBudget', { asAt: '2026-03-01T00:00:00Z' })).toEqual([422, 'DATE_OUT_OF_RANGE', '/asAt']);
    expect(await refused('calculateDailyBudget', { asAt: 'ffffffff-0000000000000001' })).toEqual([409, 'POSITION_OTHER_LOG', '/asAt']);
    expect(await refused('getMonthlyBudgetOverview', { year: '2026' })).toEqual([400, 'VALIDATION_FAILED', '/month']);
    expect(await refused('getMonthlyBudgetOverview', { period: april(1), year: '2026', month: '3' })).toEqual([400, 'VALIDATION_FAILED', '/year', '/month']);
    expect(await refused('getPeriods', { cursor: 'from another list' })).toEqual([400, 'CURSOR_INVALID', '/cursor']);
    const eve = await instance.token('eve');
    expect(await home.query('explainDailyBudget', {}, eve)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});
