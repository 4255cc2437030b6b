import { DaybookError } from '@daybook/kernel';
import {
  purse,
  purseEvents,
  type PurseCommand,
  type PurseEvent,
  type PurseFacts,
  type PurseState,
} from '../../../../test/simulation/purse.js';
import { SeededRandom } from '../../../../test/simulation/seeded-random.js';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { envelopeOf } from '../envelope.js';
import { MemoryStore } from '../memory-store.js';
import {
  NO_EVENTS,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  type AppendResult,
  type NewEvent,
  type ReadStreamOptions,
  type RecordedEvent,
  type Revision,
} from '../store.js';
import type { CommandRequest, Outcome } from './command-request.js';
import { createCommandRuntime, type CommandRuntime, type RuntimeOptions } from './handle-command.js';

type Trouble = 'lost reply' | 'lost request' | 'unavailable' | 'full';
type PurseRequest = CommandRequest<PurseState, PurseCommand, PurseEvent, PurseFacts>;

const STREAM = 'purse-1';
const FOLD = { decider: purse, events: purseEvents };

/** The memory store with a memory of its calls, and the next troubles it is to have. */
class TroubledStore extends MemoryStore {
  readonly appends: (readonly NewEvent[])[] = [];
  reads = 0;
  troubles: Trouble[] = [];
  /** Appends wait for it. */
  gate: Promise<void> = Promise.resolve();
  /** Reads that are begun have seen the stream, and wait for it before they tell. */
  delivery: Promise<void> = Promise.resolve();

  override async append(stream: string, events: readonly NewEvent[], expected: Revision): Promise<AppendResult> {
    this.appends.push(events);
    await this.gate;
    const trouble = this.troubles.shift();
    if (trouble === 'unavailable') throw new StoreUnavailableError('not connected');
    if (trouble === 'full') throw new StoreFullError('no space');
    if (trouble === 'lost request') throw new OutcomeUnknownError('no answer');
    const result = await super.append(stream, events, expected);
    if (trouble === 'lost reply') throw new OutcomeUnknownError('no answer');
    return result;
  }

  override async *readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    this.reads += 1;
    const delivery = this.delivery;
    const events: RecordedEvent[] = [];
    for await (const event of super.readStream(stream, options)) events.push(event);
    await delivery;
    yield* events;
  }
}

let time: VirtualTime;
let store: TroubledStore;
let log: CapturedLog;
let random: SeededRandom;
let runtime: CommandRuntime;
let lost: Error[];

beforeEach(() => {
  time = new VirtualTime();
  store = new TroubledStore();
  log = new CapturedLog();
  random = new SeededRandom(7);
  lost = [];
  runtime = anotherRuntime();
});

function anotherRuntime(options: Partial<RuntimeOptions> = {}): CommandRuntime {
  const onLogWentBack = (error: Error): unknown => lost.push(error);
  return createCommandRuntime({ store, clock: time, timers: time, random, log, onLogWentBack, ...options });
}

function request(command: PurseCommand, given: Partial<PurseRequest> = {}): PurseRequest {
  const commandId = given.commandId ?? random.uuid();
  return {
    stream: STREAM,
    ...FOLD,
    commandId,
    commandHash: JSON.stringify(command),
    userId: 'user-1',
    command,
    deadlineMs: 5_000,
    facts: () => ({ limit: 100, at: Math.floor(time.now()) }),
    envelope: ({ recordedAt }) =>
      envelopeOf({
        commandId,
        commandHash: given.commandHash ?? JSON.stringify(command),
        actor: { userId: given.userId ?? 'user-1', kind: 'user', role: null },
        client: null,
        ip: null,
        on: '2026-04-01',
        recordedAt,
      }),
    ...given,
  };
}

const spend = (...amounts: number[]): PurseCommand => ({ type: 'spend', amounts });

function handle(command: PurseCommand, given?: Partial<PurseRequest>, by = runtime): Promise<Outcome<PurseEvent>> {
  return time.until(by.handle(request(command, given)));
}

async function refusal(outcome: Promise<unknown>): Promise<DaybookError> {
  const error = await outcome.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DaybookError);
  return error as DaybookError;
}

/** Appends wait until the returned function is called. */
function closeGate(): () => void {
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

describe('a command', () => {
  it('that is accepted is answered with its events and its place, and stored with its envelope', async () => {
    const outcome = await handle(spend(3, 4), { commandId: '0198c0de-0000-4000-8000-000000000001' });
    const stored = store.contents();

    expect(outcome).toMatchObject({ revision: 1n, position: stored.at(-1)?.position, replayed: false, quiet: false });
    expect(outcome.events).toEqual(stored.map(({ type, data }) => ({ type, data })));
    expect(stored.map(({ metadata }) => metadata['commandId'])).toEqual(Array(2).fill(outcome.commandId));
  });

  it('with nothing to do answers the place its decision was made at, and stores nothing', async () => {
    await handle(spend(3));
    const outcome = await handle({ type: 'reopen' });

    expect(outcome).toMatchObject({ quiet: true, events: [], revision: 0n, position: store.contents()[0]?.position });
    expect(store.contents()).toHaveLength(1);
  });

  it('with nothing to do in a stream that does not exist has position zero', async () => {
    expect(await handle({ type: 'reopen' })).toMatchObject({ quiet: true, revision: NO_EVENTS, position: 0n });
  });

  it('that a rule refuses is refused with the code of the rule, and stores nothing', async () => {
    await handle({ type: 'close' });

    expect(await refusal(handle(spend(1)))).toMatchObject({ code: 'PERIOD_CLOSED' });
    expect(store.contents()).toHaveLength(1);
  });

  it('whose facts are refused is refused for their reason', async () => {
    const facts = () => Promise.reject(new DaybookError('NOT_FOUND', 'There is no such family.'));

    expect(await refusal(handle(spend(1), { facts }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('whose facts do not come is not held up for ever', async () => {
    const facts = () => new Promise<never>(() => undefined);

    expect(await refusal(handle(spend(1), { facts }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(time.monotonic()).toBeLessThanOrEqual(1_000);
  });
});

describe('a repeat', () => {
  it.each([
    ['in the same process', () => runtime],
    ['in another one', () => anotherRuntime()],
  ])('%s gets the first answer, and stores nothing', async (_, by) => {
    const again = request(spend(3, 4));
    const first = await time.until(runtime.handle(again));
    await handle({ type: 'close' });
    const second = await time.until(by().handle(again));

    expect(second).toEqual({ ...first, replayed: true });
    expect(store.contents()).toHaveLength(3);
  });

  it('is recognised before anybody asks whether its sender still may', async () => {
    const again = request(spend(3));
    await time.until(runtime.handle(again));
    const facts = () => Promise.reject(new DaybookError('FORBIDDEN', 'Not any more.'));

    expect(await time.until(anotherRuntime().handle({ ...again, facts }))).toMatchObject({ replayed: true });
  });

  it.each([
    ['with another body', { commandHash: 'other' }],
    ['by another user', { userId: 'user-2' }],
  ])('%s is refused', async (_, change) => {
    const first = request(spend(3));
    await time.until(runtime.handle(first));

    expect(await refusal(time.until(runtime.handle({ ...first, ...change })))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('of a refused command is decided anew', async () => {
    const again = request(spend(3));
    await handle({ type: 'close' });
    await refusal(time.until(runtime.handle(again)));
    await handle({ type: 'reopen' });

    expect(await time.until(runtime.handle(again))).toMatchObject({ replayed: false, revision: 2n });
  });

  it('that comes while the first is on its way waits for it', async () => {
    const open = closeGate();
    const twin = request(spend(3));
    const both = Promise.all([runtime.handle(twin), runtime.handle(twin)]);
    await time.settle();
    open();

    expect((await time.until(both)).map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it('with another body is refused also where a slow read has brought an old state back', async () => {
    runtime = anotherRuntime({ limits: { cachedStreams: 1 } });
    let deliver = (): void => undefined;
    store.delivery = new Promise((resolve) => {
      deliver = resolve;
    });
    const slow = runtime.read(STREAM, FOLD);
    await time.settle();
    store.delivery = Promise.resolve();
    const { commandId } = await handle(spend(3));
    await handle(spend(1), { stream: 'purse-2' });
    deliver();
    await time.until(slow);

    expect(await refusal(handle({ type: 'close' }, { commandId }))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('in another process at the same moment never passes its own decision for the one that was stored', async () => {
    const twin = request(spend(3), { commandId: random.uuid() });
    const other = anotherRuntime();
    await handle(spend(1));
    await time.until(other.read(STREAM, FOLD));
    const facts = (at: number) => () => ({ limit: 100, at });
    const outcomes = await time.until(
      Promise.all([runtime.handle({ ...twin, facts: facts(1) }), other.handle({ ...twin, facts: facts(2) })]),
    );

    expect(store.contents()).toHaveLength(2);
    expect(outcomes.map(({ events }) => events[0]?.data)).toEqual(Array(2).fill(store.contents()[1]?.data));
  });
});

describe('a stream that is known', () => {
  it('is not read for a command that is accepted', async () => {
    await handle(spend(1));
    const { reads } = store;
    await handle(spend(2));

    expect(store.reads).toBe(reads);
  });

  it.each<[string, PurseCommand]>([
    ['refused', spend(1)],
    ['quiet', { type: 'close' }],
  ])('is read once for a command that is %s: only the store can prove it', async (_, command) => {
    await handle({ type: 'close' });
    const { reads } = store;
    await handle(command).catch(() => undefined);

    expect(store.reads).toBe(reads + 1);
  });

  it('and has changed elsewhere turns a refusal into another decision', async () => {
    await handle({ type: 'close' });
    await handle({ type: 'reopen' }, {}, anotherRuntime());

    expect(await handle(spend(1))).toMatchObject({ revision: 2n });
  });

  it('and has changed elsewhere makes an accepted command decide again', async () => {
    await handle(spend(60));
    await handle(spend(30), {}, anotherRuntime());

    expect(await refusal(handle(spend(20)))).toMatchObject({ code: 'SPLIT_SUM_MISMATCH' });
    expect(await handle(spend(10))).toMatchObject({ revision: 2n });
  });

  it('is read again from its start after others have pushed it out', async () => {
    runtime = anotherRuntime({ limits: { cachedStreams: 1 } });
    await handle(spend(1));
    await handle(spend(1), { stream: 'purse-2' });
    const { reads } = store;

    expect(await handle(spend(1))).toMatchObject({ revision: 1n });
    expect(store.reads).toBe(reads + 1);
  });

  it('has one fold', async () => {
    await handle(spend(1));
    const other = { ...purse, evolve: (state: PurseState) => state };

    expect(await refusal(handle(spend(1), { decider: other }))).toMatchObject({ code: 'INTERNAL' });
  });

  it('takes no commands when it holds an event nobody knows', async () => {
    await store.append(STREAM, [{ id: random.uuid(), type: 'Stolen', data: {}, metadata: {} }], NO_EVENTS);

    expect(await refusal(handle(spend(1)))).toMatchObject({ code: 'INTERNAL' });
    expect(log.messages()).toEqual(['a stream takes no commands']);
  });
});

describe('commands that wait for the same stream', () => {
  async function waiting(commands: readonly PurseRequest[]): Promise<PromiseSettledResult<Outcome<PurseEvent>>[]> {
    const open = closeGate();
    const first = runtime.handle(request(spend(1)));
    await time.settle();
    const others = commands.map((command) => runtime.handle(command));
    const all = Promise.allSettled([first, ...others]);
    await time.settle();
    open();
    return time.until(all);
  }

  it('are decided one after the other and stored in one append', async () => {
    const commands: PurseCommand[] = [spend(2), spend(3, 3), { type: 'close' }, spend(4)];
    const outcomes = await waiting(commands.map((command) => request(command)));

    expect(store.appends.map((events) => events.length)).toEqual([1, 4]);
    expect(outcomes).toMatchObject([
      { value: { revision: 0n } },
      { value: { revision: 1n } },
      { value: { revision: 3n } },
      { value: { revision: 4n } },
      { reason: { code: 'PERIOD_CLOSED' } },
    ]);
  });

  it.each([
    ['commands', { batchCommands: 2 }],
    ['bytes', { batchBytes: 900 }],
  ])('are stored in as many appends as the bound on %s asks for', async (_, limits) => {
    runtime = anotherRuntime({ limits });
    const outcomes = await waiting([1, 2, 3, 4].map((amount) => request(spend(amount))));

    expect(store.appends.map((events) => events.length)).toEqual([1, 2, 2]);
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('do not suffer from the mistake of one of them', async () => {
    const outcomes = await waiting([request(spend(2)), request({ type: 'explode' }), request(spend(3))]);

    expect(outcomes).toMatchObject([{ value: {} }, { value: {} }, { reason: { code: 'INTERNAL' } }, { value: {} }]);
    expect(log.messages()).toEqual(['a decision failed']);
  });

  it('do not suffer from an envelope that is incomplete', async () => {
    const nobody = { userId: '', envelope: () => ({ ...request(spend(1)).envelope, schema: 1 }) as never };
    const outcomes = await waiting([request(spend(2), nobody), request(spend(3))]);

    expect(outcomes).toMatchObject([{ value: {} }, { reason: { code: 'INTERNAL' } }, { value: { revision: 1n } }]);
  });

  it('do not suffer from an envelope that names another command', async () => {
    const { envelope } = request(spend(2), { userId: 'user-2' });
    const outcomes = await waiting([request(spend(2), { envelope }), request(spend(3))]);

    expect(outcomes).toMatchObject([{ value: {} }, { reason: { code: 'INTERNAL' } }, { value: { revision: 1n } }]);
  });

  it('do not suffer from one that is too large to be stored', async () => {
    const huge = request(spend(...Array.from({ length: 9_000 }, () => 0)));
    const outcomes = await waiting([huge, request(spend(3))]);

    expect(outcomes).toMatchObject([{ value: {} }, { reason: { code: 'INTERNAL' } }, { value: { revision: 1n } }]);
  });

  it('are sent away early when there are too many of them', async () => {
    runtime = anotherRuntime({ limits: { laneQueue: 2 } });
    const outcomes = await waiting([1, 2, 3].map((amount) => request(spend(amount))));

    expect(outcomes[3]).toMatchObject({ reason: { code: 'RATE_LIMITED', data: { retryAfterSeconds: 1 } } });
  });

  it('are sent away early when the whole process has too many', async () => {
    runtime = anotherRuntime({ limits: { commands: 1 } });
    const outcomes = await waiting([request(spend(1), { stream: 'purse-2' })]);

    expect(outcomes[1]).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
  });
});

describe('an append of unknown outcome', () => {
  it.each<Trouble>(['lost reply', 'lost request'])('is asked for again with the same events: %s', async (trouble) => {
    store.troubles = [trouble, trouble];
    const outcome = await handle(spend(3));

    expect(outcome).toMatchObject({ revision: 0n, replayed: false });
    expect(store.appends).toHaveLength(3);
    expect(store.appends[1]).toEqual(store.appends[0]);
    expect(store.appends[2]).toEqual(store.appends[0]);
    expect(store.contents()).toHaveLength(1);
  });

  it('is not joined by commands that come later', async () => {
    store.troubles = ['lost request', 'lost request'];
    const first = runtime.handle(request(spend(3)));
    await time.settle();
    const second = runtime.handle(request(spend(4)));
    await time.until(Promise.all([first, second]));

    expect(store.appends.map((events) => events.length)).toEqual([1, 1, 1, 1]);
    expect(store.appends[2]).toEqual(store.appends[0]);
  });

  it('is told at the deadline, with the id to ask again; who only waited knows nothing was recorded', async () => {
    store.troubles = Array<Trouble>(40).fill('lost reply');
    const again = request(spend(3), { deadlineMs: 700 });
    const first = refusal(runtime.handle(again));
    await time.settle();
    const second = refusal(runtime.handle(request(spend(4), { deadlineMs: 500 })));
    await time.advance(1_000);

    expect(await first).toMatchObject({ code: 'OUTCOME_UNKNOWN', data: { commandId: again.commandId } });
    expect(await second).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    store.troubles = [];
    expect(await time.until(runtime.handle(again))).toMatchObject({ replayed: true, revision: 0n });
    expect(store.contents()).toHaveLength(1);
  });

  it('is a conflict for good once another process was first', async () => {
    store.troubles = ['lost request'];
    const first = runtime.handle(request(spend(60)));
    await time.settle();
    const rival = { id: random.uuid(), type: 'Spent', data: { amount: 50, at: 1 }, metadata: {} };
    await store.append(STREAM, [rival], NO_EVENTS);

    expect(await refusal(time.until(first))).toMatchObject({ code: 'SPLIT_SUM_MISMATCH' });
    expect(store.contents()).toHaveLength(1);
  });
});

describe('a store that cannot be asked', () => {
  it('is asked again for a moment', async () => {
    store.troubles = ['unavailable', 'unavailable'];

    expect(await handle(spend(1))).toMatchObject({ revision: 0n });
  });

  it('is reported within a second, and nothing is recorded, then or later', async () => {
    store.troubles = Array<Trouble>(1_000).fill('unavailable');

    const data = { retryAfterSeconds: 1 };
    expect(await refusal(handle(spend(1)))).toMatchObject({ code: 'STORE_UNAVAILABLE', data });
    expect(time.monotonic()).toBeLessThan(1_000);
  });

  it('and comes back just after the caller was told so records nothing', async () => {
    store.troubles = Array<Trouble>(1_000).fill('unavailable');
    const told = refusal(runtime.handle(request(spend(1), { deadlineMs: 120 })));
    await time.advance(125);
    expect(await told).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    store.troubles = [];
    await time.advance(10_000);

    expect(store.contents()).toEqual([]);
  });

  it('and is full says so, to those who would have written', async () => {
    store.troubles = ['full'];

    expect(await refusal(handle(spend(1)))).toMatchObject({ code: 'STORAGE_FULL' });
    expect(await handle({ type: 'reopen' })).toMatchObject({ quiet: true });
  });
});

describe('a log that went back', () => {
  async function lastCommandsLost(): Promise<void> {
    const { position } = await handle(spend(1));
    await handle(spend(2));
    await handle(spend(3));
    store.goBackTo(position);
  }

  it.each<[string, PurseCommand]>([
    ['an append', spend(4)],
    ['a read', { type: 'reopen' }],
  ])('is noticed by %s and ends the runtime for good', async (_, command) => {
    await lastCommandsLost();

    expect(await refusal(handle(command))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await refusal(handle(spend(1), { stream: 'purse-2' }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(lost).toHaveLength(1);
    expect(store.contents()).toHaveLength(1);
  });

  it('is noticed when another history has grown as long', async () => {
    await lastCommandsLost();
    const other = (): NewEvent => ({ id: random.uuid(), type: 'Spent', data: { amount: 1, at: 1 }, metadata: {} });
    await store.append(STREAM, [other(), other()], 0n);

    expect(await refusal(handle({ type: 'reopen' }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(lost).toHaveLength(1);
  });
});

describe('a state for the decisions of others', () => {
  it('comes from memory where it is known, and from the store when it must be proven', async () => {
    await handle(spend(1));
    await handle(spend(2), {}, anotherRuntime());

    expect(await runtime.state(STREAM, FOLD)).toMatchObject({ state: { spent: 1 }, revision: 0n });
    expect(await runtime.read(STREAM, FOLD)).toMatchObject({ state: { spent: 3 }, revision: 1n });
    expect(await runtime.state(STREAM, FOLD)).toMatchObject({ state: { spent: 3 }, revision: 1n });
  });

  it('stays young by what a subscription has seen, and does not jump over a gap', async () => {
    await handle(spend(1));
    const other = anotherRuntime();
    await handle(spend(2), {}, other);
    await handle(spend(4), {}, other);
    const [, second, third] = store.contents();
    runtime.observe([third as RecordedEvent]);
    expect(await runtime.state(STREAM, FOLD)).toMatchObject({ state: { spent: 1 } });
    runtime.observe([second as RecordedEvent, third as RecordedEvent]);

    expect(await runtime.state(STREAM, FOLD)).toMatchObject({ state: { spent: 7 }, revision: 2n });
  });
});

describe('a runtime that closes', () => {
  it('answers what it has taken and takes no more', async () => {
    const open = closeGate();
    const taken = runtime.handle(request(spend(1)));
    await time.settle();
    const closed = runtime.close();
    const late = refusal(runtime.handle(request(spend(2))));
    open();

    expect(await time.until(taken)).toMatchObject({ revision: 0n });
    expect(await late).toMatchObject({ code: 'SHUTTING_DOWN' });
    await time.until(closed);
  });

  it('does not wait for an outcome nobody waits for', async () => {
    store.troubles = Array<Trouble>(1_000).fill('lost request');
    const unknown = refusal(runtime.handle(request(spend(1), { deadlineMs: 200 })));
    await time.settle();
    const closed = runtime.close();
    await time.advance(300);

    expect(await unknown).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await expect(closed).resolves.toBeUndefined();
    const { length } = store.appends;
    await time.advance(60_000);
    expect(store.appends).toHaveLength(length);
  });
});
