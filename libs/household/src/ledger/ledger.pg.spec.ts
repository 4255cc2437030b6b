import { createCommandRuntime, type CommandRuntime, type RecordedEvent } from '@daybook/eventsourcing';
import { monthOf, transactionId, uuidV5 } from '@daybook/kernel';
import { systemRandom, systemTimers, type CommandAnswer, type CommandContext } from '@daybook/platform';
import { familyCreated, HOME } from '../../../../test/support/budget-events.js';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { day, member } from '../../../../test/support/ledger-rules.js';
import { familyStream, ledgerStream } from '../family/family-stream.js';
import { descriptionField, voidReasonField } from '../sealed-fields.js';
import { TransactionsQueries } from '../transactions/index.js';
import { amendTransaction, createTransaction, recordRefund, voidTransaction } from './commands.js';
import { ExecuteLedger, type LedgerMessage } from './execute-ledger.js';
import { LedgerHandler } from './ledger.handler.js';
import type { TransactionFinder } from './other-months.js';

/** A database that takes questions and never answers. */
const SILENT: TransactionFinder = { recordedUnder: () => new Promise<never>(() => undefined) };

interface Sender {
  readonly user?: string;
  /** An Idempotency-Key; without one every command is a new one. */
  readonly key?: string;
  readonly through?: LedgerHandler;
}

describe('the ledger of a family, through the command runtime', () => {
  let rig: HouseholdRig;
  let runtimes: CommandRuntime[];
  let handler: LedgerHandler;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    runtimes = [];
    handler = process();
    rig.itIsNow('2026-04-10T12:00:00.000Z');
    await rig.given(familyStream(HOME), ...familyCreated(), member('bob', 'member'));
  });
  afterEach(async () => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await rig.close();
  });

  function process(finder?: TransactionFinder): LedgerHandler {
    const ports = { store: rig.store, clock: rig.clock, timers: systemTimers, random: systemRandom, log: new CapturedLog() };
    const commands = createCommandRuntime(ports);
    runtimes.push(commands);
    const parts = { ...ports, commands, sealer: rig.vault };
    return new LedgerHandler(parts, finder ?? new TransactionsQueries(rig.readModels(), rig.vault, rig.clock));
  }

  function contextOf({ user = 'ada', key }: Sender, body: object): CommandContext {
    const commandId = key === undefined ? systemRandom.uuid() : uuidV5(HOME, key);
    const actor = { userId: user, name: null, email: null };
    const ids = { commandId, isNewId: key === undefined, commandHash: JSON.stringify(body), correlationId: commandId, causationId: commandId };
    return { actor, ...ids, client: null, ip: null, deadlineMs: 5_000 };
  }

  const send = (message: LedgerMessage, sender: Sender = {}): Promise<CommandAnswer> =>
    (sender.through ?? handler).execute(new ExecuteLedger(message, contextOf(sender, message.args)));
  const create = (args: object = {}, sender?: Sender) =>
    send({ name: 'createTransaction', args: createTransaction.args.parse({ familyId: HOME, amount: '45.00', type: 'expense', category: 'variable', ...args }) }, sender);
  const refund = (args: object, sender?: Sender) => send({ name: 'recordRefund', args: recordRefund.args.parse({ familyId: HOME, amount: '45.00', ...args }) }, sender);
  const amend = (args: object, sender?: Sender) =>
    send({ name: 'amendTransaction', args: amendTransaction.args.parse({ familyId: HOME, expectedVersion: 1, ...args }) }, sender);
  const voidIt = (args: object, sender?: Sender) =>
    send({ name: 'voidTransaction', args: voidTransaction.args.parse({ familyId: HOME, expectedVersion: 1, ...args }) }, sender);

  async function storedIn(month: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of rig.store.readStream(ledgerStream(HOME, month as never))) events.push(event);
    return events;
  }
  const projected = async ({ position }: CommandAnswer): Promise<void> => {
    await rig.readModels().read({ space: { kind: 'family', id: HOME }, minPosition: position, timeoutMs: 10_000 }, () => Promise.resolve(null));
  };

  it('keeps an entry in the month of its date, with its text sealed and the family it was decided on', async () => {
    const answer = await create({ date: '2026-05-02', clientId: 'c-1', description: 'Bread' }, { user: 'bob' });
    const id = transactionId(HOME, 'c-1', day('2026-05-02'));
    expect(answer).toMatchObject({ result: { transactionId: id, version: 1, date: '2026-05-02' }, replayed: false, quiet: false });
    const [event] = await storedIn('2026-05');
    const description = await rig.vault.seal('bob', descriptionField(HOME, id), 'Bread');
    expect(event?.data).toMatchObject({ transactionId: id, recordedBy: 'bob', paidBy: 'bob', timing: 'committed', description });
    expect(event?.metadata).toMatchObject({ on: '2026-04-10', familyRevision: '6', actor: { userId: 'bob', role: 'member' } });
  });

  it('takes the commandId for the clientId where there is none, and the family\'s today for the date', async () => {
    rig.itIsNow('2026-04-30T23:30:00.000Z');
    const { commandId, result } = await create();
    expect(result).toEqual({ transactionId: transactionId(HOME, commandId, day('2026-05-01')), version: 1, date: '2026-05-01' });
  });

  it('takes a kind with an income, which has no category, and knows it again without one', async () => {
    const salary = { amount: '5000', type: 'income', clientId: 'salary' };
    const first = await create({ ...salary, category: 'variable' });
    expect(await create({ ...salary, category: undefined })).toMatchObject({ result: first.result, quiet: true });
    await expect(create({ ...salary, clientId: 'other', category: uuidV5(HOME, 'category/fixed') })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { errors: [{ pointer: '/category', code: 'no_category_for_income' }] },
    });
  });

  it('gives the first answer again to the same key, and the present one to the same clientId', async () => {
    const first = await create({ clientId: 'c-1' }, { key: 'k' });
    const again = await create({ clientId: 'c-1' }, { key: 'k', through: process() });
    expect(again).toEqual({ ...first, replayed: true });
    await amend({ transactionId: first.result['transactionId'], amount: '54.00' });
    expect(await create({ clientId: 'c-1' })).toMatchObject({ result: { ...first.result, version: 2 }, quiet: true });
    expect(await storedIn('2026-04')).toHaveLength(2);
  });

  it('records once what is sent again on another day without a date, described or not', async () => {
    const first = await create({ clientId: 'c-1', description: 'Bread' });
    rig.itIsNow('2026-04-20T12:00:00.000Z');
    expect(await create({ clientId: 'c-1', description: 'Bread' })).toMatchObject({ result: first.result, quiet: true });
    await expect(create({ clientId: 'c-1', description: 'Milk' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      data: { clientId: 'c-1', transactionId: first.result['transactionId'] },
    });
    expect(await storedIn('2026-04')).toHaveLength(1);
  });

  it('records once over midnight between two months, although the database knows nothing yet', async () => {
    const blind = process(SILENT);
    rig.itIsNow('2026-04-30T22:59:59.000Z');
    const first = await create({ description: 'Bread' }, { key: 'k', through: blind });
    rig.itIsNow('2026-04-30T23:00:01.000Z');
    expect(await create({ description: 'Bread' }, { key: 'k', through: blind })).toEqual({ ...first, replayed: true });
    expect(await storedIn('2026-05')).toEqual([]);
  });

  it('records once what is sent again months later, by the clientId or by the key', async () => {
    const [named, keyed] = [await create({ clientId: 'c-1', description: 'Bread' }), await create({ amount: '1' }, { key: 'k' })];
    await projected(keyed);
    rig.itIsNow('2026-07-15T12:00:00.000Z');
    expect(await create({ clientId: 'c-1', description: 'Bread' })).toMatchObject({ result: named.result, quiet: true });
    expect(await create({ amount: '1' }, { key: 'k' })).toEqual({ ...keyed, replayed: true });
    await expect(create({ amount: '2' }, { key: 'k' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await storedIn('2026-07')).toEqual([]);
  });

  it('refuses another date under the clientId, in the same month and in another', async () => {
    const first = await create({ clientId: 'c-1', date: '2026-04-03' });
    await projected(first);
    for (const date of ['2026-04-04', '2026-06-03']) {
      await expect(create({ clientId: 'c-1', date })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    }
  });

  it('does not wait long for a database that stands still, and asks it no more after a while', async () => {
    const blind = process(SILENT);
    const startedAt = rig.clock.monotonic();
    await create({ clientId: 'c-1' }, { through: blind });
    expect(rig.clock.monotonic() - startedAt).toBeLessThan(1_000);
    await Promise.all(Array.from({ length: 20 }, (_, index) => create({ clientId: `many-${index}` }, { through: blind })));
    const thenAt = rig.clock.monotonic();
    await create({ clientId: 'c-2' }, { through: blind });
    expect(rig.clock.monotonic() - thenAt).toBeLessThan(250);
  });

  it('asks no database about an id that was made for this request', async () => {
    const unasked = process({ recordedUnder: () => Promise.reject(new Error('it was asked')) });
    expect(await create({}, { through: unasked })).toMatchObject({ quiet: false });
    await expect(create({ clientId: 'c-1' }, { through: unasked })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('shows with a conflict what the transaction is by now, opened, and what the caller may do with it', async () => {
    const { result } = await create({ clientId: 'c-1', description: 'Bread', date: '2026-04-03' }, { user: 'bob' });
    await amend({ transactionId: result['transactionId'], amount: '54.00' });
    const stale = amend({ transactionId: result['transactionId'], amount: '48.00' }, { user: 'bob' });
    await expect(stale).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await stale.catch(({ data }: { data: object }) => data)).toEqual({
      changedFields: ['amount'],
      current: {
        transactionId: result['transactionId'],
        version: 2,
        type: 'expense',
        date: '2026-04-03',
        amount: '54.00',
        currency: 'EUR',
        category: 'variable',
        categoryId: expect.any(String) as string,
        description: 'Bread',
        paidBy: 'bob',
        status: 'live',
        recordedBy: 'bob',
        clientId: 'c-1',
        timing: 'posted',
        allowed: ['amend', 'void'],
      },
    });
    await rig.vault.forget('bob');
    await expect(amend({ transactionId: result['transactionId'], amount: '48.00' })).rejects.toMatchObject({
      data: { current: { description: '[forgotten]' } },
    });
  });

  it('amends and voids where the transaction lives, whatever date it has by now', async () => {
    const { result } = await create({ clientId: 'c-1', date: '2026-04-03' });
    const { transactionId: id } = result;
    expect(await amend({ transactionId: id, date: '2026-06-03', description: 'Trip' })).toMatchObject({ result: { transactionId: id, version: 2 } });
    expect(await voidIt({ transactionId: id, expectedVersion: 2, reason: 'Cancelled' })).toMatchObject({ result: { transactionId: id, version: 3 } });
    expect(await voidIt({ transactionId: id, expectedVersion: 2 })).toMatchObject({ result: { transactionId: id, version: 3 }, quiet: true });
    const [, amended, voided] = await storedIn('2026-04');
    expect(amended?.data).toMatchObject({ after: { description: await rig.vault.seal('ada', descriptionField(HOME, String(id)), 'Trip') } });
    expect(voided?.data).toMatchObject({ reason: await rig.vault.seal('ada', voidReasonField(HOME, String(id)), 'Cancelled') });
  });

  it('moves a transaction to today, and has nothing to do when it is there already', async () => {
    const { result } = await create({ clientId: 'c-1', date: '2026-04-03' });
    expect(await amend({ transactionId: result['transactionId'], date: 'today' })).toMatchObject({ result: { version: 2 } });
    expect(await amend({ transactionId: result['transactionId'], date: 'today', expectedVersion: 2 })).toMatchObject({ result: { version: 2 }, quiet: true });
  });

  it('gives back what was bought in another month', async () => {
    const { result } = await create({ clientId: 'c-1', date: '2026-04-03', category: 'fixed' });
    await refund({ clientId: 'c-2', date: '2026-05-04', originalTransactionId: result['transactionId'] });
    expect(await storedIn('2026-05')).toMatchObject([{ data: { type: 'refund', originalTransactionId: result['transactionId'], lines: [{ kind: 'fixed' }] } }]);
    for (const nothing of [transactionId(HOME, 'c-9', day('2026-04-03')), '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11']) {
      const refused = refund({ clientId: 'c-3', date: '2026-05-04', originalTransactionId: nothing });
      await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', data: { errors: [{ pointer: '/originalTransactionId' }] } });
    }
  });

  it('has nothing for ids that nothing can have, nor for people outside', async () => {
    const unknown = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
    await expect(amend({ transactionId: unknown, amount: '1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(voidIt({ transactionId: unknown })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(create({}, { user: 'eve' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(create({ familyId: unknown.replace('0b', 'ff') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is only ever the caller who records', async () => {
    await expect(create({ userId: 'bob' })).rejects.toMatchObject({ code: 'ACTOR_MISMATCH' });
    expect(await create({ userId: 'ada', userName: 'Somebody' })).toMatchObject({ quiet: false });
  });

  it('refuses dates before there are ids like any other before the budget starts', async () => {
    for (const date of ['0001-01-01', '1969-12-31', '2026-03-31']) {
      await expect(create({ date, description: 'Bread' })).rejects.toMatchObject({ code: 'BEFORE_BUDGET_START' });
    }
    await expect(create({ date: '9998-12-31' })).rejects.toMatchObject({ code: 'DATE_OUT_OF_RANGE' });
  });

  it('refuses on the family as it is, not as this process knew it', async () => {
    await create({ clientId: 'warm' });
    const closed = { period: day('2026-04-01'), endPolicy: 'carryBoth', reason: null, shown: null } as const;
    await rig.given(familyStream(HOME), { type: 'PeriodClosed', data: closed });
    await expect(create({ clientId: 'c-1' })).rejects.toMatchObject({ code: 'PERIOD_CLOSED' });
    await rig.given(familyStream(HOME), { type: 'PeriodReopened', data: { period: closed.period, reason: null } });
    expect(await create({ clientId: 'c-1' })).toMatchObject({ quiet: false });
  });

  it('records each of many entries once, sent by two processes at the same time', async () => {
    const other = process();
    const clientIds = Array.from({ length: 30 }, (_, index) => `c-${index}`);
    const answers = await Promise.all(
      clientIds.flatMap((clientId) => [handler, other, handler].map((through) => create({ clientId, description: clientId }, { through }))),
    );
    expect(new Set(answers.map(({ result }) => result['transactionId'])).size).toBe(clientIds.length);
    expect(await storedIn(monthOf(day('2026-04-10')))).toHaveLength(clientIds.length);
  });
});
