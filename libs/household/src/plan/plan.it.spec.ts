import { createCommandRuntime, MemoryStore, type RecordedEvent } from '@daybook/eventsourcing';
import { parseCivilDate, uuidV5, type Clock, type Sealed } from '@daybook/kernel';
import { openVault, systemClock, systemRandom, systemTimers, type CommandContext, type Vault } from '@daybook/platform';
import type { ReadModels } from '@daybook/projections';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { temporaryDirectory } from '../../../../test/support/instance.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { familyStream } from '../family/family-stream.js';
import type { HouseholdParts } from '../household-parts.js';
import { createFamily } from '../membership/commands.js';
import { ExecuteMembership } from '../membership/execute-membership.js';
import { MembershipHandler } from '../membership/membership.handler.js';
import { categoryNameField, periodReasonField } from '../sealed-fields.js';
import { closePeriod, changeFamilySettings, setBudgetPlan, settleFixedItem } from './commands.js';
import { ExecutePlan, type PlanMessage } from './execute-plan.js';
import { PlanHandler } from './plan.handler.js';

const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
const FIGURES = { pool: '250000', spent: '262000', surplus: '-12000' };
const NOW = Date.parse('2026-05-10T11:00:00.000Z');

/** Two processes over one log, and one person who sends commands to both. */
describe('the plan of a family, through the command runtime', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let vault: Vault;
  let store: MemoryStore;
  let askedFigures: [string, string][];
  let processes: ReturnType<typeof process>[];

  function process() {
    const clock: Clock = { ...systemClock, now: () => NOW };
    const ports = { store, clock, timers: systemTimers, random: systemRandom, log: new CapturedLog() };
    const commands = createCommandRuntime(ports);
    const parts: HouseholdParts = {
      ...ports,
      logIdentity: { logId: familyId, restores: 0 },
      commands,
      sealer: vault,
      readModels: <Tables>() => ({}) as ReadModels<Tables>,
      figuresAtClose: (...asked) => {
        askedFigures.push(asked);
        return Promise.resolve(FIGURES);
      },
    };
    return { commands, membership: new MembershipHandler(parts), plan: new PlanHandler(parts) };
  }

  function contextOf(key: string, userId = 'ada'): CommandContext {
    const commandId = uuidV5(familyId, key);
    return {
      actor: { userId, name: null, email: null },
      commandId,
      commandHash: key,
      correlationId: commandId,
      causationId: commandId,
      client: null,
      ip: null,
      deadlineMs: 5_000,
    };
  }

  async function send(message: PlanMessage, key: string, through = 0) {
    const handler = processes[through]?.plan;
    if (handler === undefined) throw new Error('there are two processes');
    return handler.execute(new ExecutePlan(message, contextOf(key)));
  }

  async function stored(type: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of store.readStream(familyStream(familyId), { from: 0n, deadlineMs: 1_000 })) events.push(event);
    return events.filter((event) => event.type.startsWith(type));
  }

  beforeEach(async () => {
    directory = await temporaryDirectory();
    const ports = { clock: systemClock, timers: systemTimers, random: systemRandom, log: new CapturedLog() };
    vault = await openVault({ directory: directory.path, mustExist: false, ...ports });
    store = new MemoryStore();
    askedFigures = [];
    processes = [process(), process()];
    const args = createFamily.args.parse({ ...createFamily.example, familyId });
    await processes[0]?.membership.execute(new ExecuteMembership({ name: 'createFamily', args }, contextOf('found')));
  });

  afterEach(async () => {
    await Promise.all(processes.map(({ commands }) => commands.close()));
    await vault.close();
    await directory.remove();
  });

  it('closes a period once when it is closed twice at the same time', async () => {
    const args = closePeriod.args.parse({ familyId, period: '2026-04-30' });
    const answers = await Promise.all(
      [0, 1, 0, 1].map((through, index) => send({ name: 'closePeriod', args }, `close ${index}`, through)),
    );

    expect(await stored('PeriodClosed')).toHaveLength(1);
    expect(answers.map(({ result }) => result)).toEqual(Array(4).fill({ period: '2026-04-01' }));
    expect(answers.map(({ quiet }) => quiet).sort()).toEqual([false, true, true, true]);
  });

  it('keeps with a closed period what it came to, and why it was closed, for its author to be read', async () => {
    const args = closePeriod.args.parse({ familyId, period: '2026-04-17', reason: 'All receipts are in' });
    await send({ name: 'closePeriod', args }, 'close');

    const [{ data, metadata } = { data: {}, metadata: {} }] = await stored('PeriodClosed');
    expect(data).toMatchObject({ period: '2026-04-01', shown: FIGURES });
    expect(metadata).toMatchObject({ on: '2026-05-10', actor: { userId: 'ada', role: 'manager' } });
    expect(askedFigures).toEqual([[familyId, '2026-04-01']]);
    const reason = (data as { reason: Sealed }).reason;
    expect(await vault.open(reason, periodReasonField(familyId, '2026-04-01'))).toBe('All receipts are in');
  });

  it('answers a repeat as it did at first, and names the categories that were made', async () => {
    const fixed = [{ name: 'Rent', planned: '1500.00' }, { name: 'Phone', planned: '20' }];
    const args = setBudgetPlan.args.parse({ ...setBudgetPlan.example, familyId, fixed });
    const first = await send({ name: 'setBudgetPlan', args }, 'plan');
    const again = await send({ name: 'setBudgetPlan', args }, 'plan', 1);

    expect(first.result).toMatchObject({ version: 2, period: '2026-04-01' });
    expect([again.result, again.replayed]).toEqual([first.result, true]);
    const { categoryIds } = first.result as { categoryIds: string[] };
    const [, , , rent, phone] = await stored('CategoryAdded');
    expect([rent, phone].map((event) => event?.data['categoryId'])).toEqual(categoryIds);
    const { name } = phone?.data as unknown as { name: Sealed };
    expect(await vault.open(name, categoryNameField(familyId, categoryIds[1] ?? ''))).toBe('Phone');
  });

  it('answers what had nothing to do with what is there', async () => {
    const { fixed: _named, ...same } = setBudgetPlan.example;
    const args = setBudgetPlan.args.parse({ ...same, familyId, savingsGoal: '500.00' });
    const planned = await send({ name: 'setBudgetPlan', args }, 'the same plan');
    expect([planned.result, planned.quiet]).toEqual([{ version: 1, period: '2026-04-01', categoryIds: [] }, true]);

    const item = settleFixedItem.args.parse({ familyId, categoryId: defaultCategoryId(familyId, 'fixed'), period: '2026-04-09' });
    const [first, again] = [await send({ name: 'settleFixedItem', args: item }, 's1'), await send({ name: 'settleFixedItem', args: item }, 's2')];
    expect(first.result).toEqual({ categoryId: item.categoryId, period: parseCivilDate('2026-04-01') });
    expect([again.result, again.quiet]).toEqual([first.result, true]);
  });

  it('answers what changed of the settings, and from when', async () => {
    const args = changeFamilySettings.args.parse({ familyId, timeZone: 'Asia/Tokyo', startDay: 25, endPolicy: 'carryBoth' });
    const first = await send({ name: 'changeFamilySettings', args }, 'change');
    expect(first.result).toEqual({ changed: ['timeZone', 'startDay'], timeZoneFrom: '2026-06-01', startDayFrom: '2026-06-01' });
    const again = await send({ name: 'changeFamilySettings', args }, 'change once more', 1);
    expect(again.result).toEqual({ changed: [], timeZoneFrom: null, startDayFrom: null });
  });
});
