import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';

const down = new Error('no connection');
const refused = new Error('PERIOD_CLOSED');
let time: VirtualTime;
let changes: BreakerState[];
let breaker: CircuitBreaker;

beforeEach(() => {
  time = new VirtualTime();
  changes = [];
  breaker = new CircuitBreaker({
    refusal: { code: 'STORE_UNAVAILABLE', detail: 'The event store does not answer.' },
    isFailure: (error) => error === down,
    clock: time,
    random: { fraction: () => 0.5, uuid: () => '', bytes: () => new Uint8Array() },
    onChange: (state) => changes.push(state),
  });
});

const succeed = () => breaker.run(() => Promise.resolve('ok'));
const fail = () => breaker.run(() => Promise.reject(down)).catch((error: unknown) => error);
const OPEN = { code: 'STORE_UNAVAILABLE', detail: 'The event store does not answer.' };

async function times(count: number, call: () => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await call();
}

/** A call whose end the test decides. */
function pending() {
  let settle: (error?: Error) => void = () => undefined;
  const answer = breaker.run(
    () =>
      new Promise<string>((resolve, reject) => {
        settle = (error) => (error === undefined ? resolve('ok') : reject(error));
      }),
  );
  const outcome = answer.catch((error: unknown) => error);
  return { outcome, settle: (error?: Error) => settle(error) };
}

describe('a circuit breaker', () => {
  it('stays closed while less than half of the last 20 calls fail', async () => {
    for (let round = 0; round < 10; round += 1) {
      await times(11, succeed);
      await times(9, fail);
    }
    expect(breaker.state).toBe('closed');
  });

  it('opens when half of the last 20 calls failed, and refuses without calling', async () => {
    await times(10, succeed);
    await times(9, fail);
    expect(breaker.state).toBe('closed');
    await fail();
    expect(breaker.state).toBe('open');
    await expect(succeed()).rejects.toMatchObject({ ...OPEN, data: { retryAfterSeconds: 2 } });
  });

  it('does not judge by fewer than 20 calls, nor by refusals of the rules', async () => {
    await times(19, fail);
    expect(breaker.state).toBe('closed');
    await succeed();
    expect(breaker.state).toBe('open');
    await time.advance(2_000);
    await succeed();
    await times(40, () => breaker.run(() => Promise.reject(refused)).catch(() => undefined));
    expect(breaker.state).toBe('closed');
  });

  it('lets exactly one call through when the time is up, and closes when that one succeeds', async () => {
    await times(20, fail);
    await time.advance(1_999);
    await expect(succeed()).rejects.toMatchObject(OPEN);
    await time.advance(1);
    const probe = pending();
    expect(breaker.state).toBe('half-open');
    await expect(Promise.all([succeed(), succeed()])).rejects.toMatchObject(OPEN);
    probe.settle();
    expect(await probe.outcome).toBe('ok');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
    await times(19, fail);
    expect(breaker.state).toBe('closed');
  });

  it('begins with two seconds again once it was closed', async () => {
    await times(20, fail);
    await time.advance(2_000);
    await fail();
    await time.advance(3_000);
    await succeed();
    await times(20, fail);
    await expect(succeed()).rejects.toMatchObject({ data: { retryAfterSeconds: 2 } });
    await time.advance(2_000);
    expect(await succeed()).toBe('ok');
  });

  it('opens again for longer each time the probe fails, up to ten seconds', async () => {
    await times(20, fail);
    const spans: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const from = time.monotonic();
      while ((await fail()) !== down) await time.advance(500);
      spans.push(time.monotonic() - from);
    }
    expect(spans).toEqual([2_000, 3_000, 5_000, 6_000, 6_000]);
  });

  it('gives up on a probe that hangs, and does not believe its late answer', async () => {
    await times(20, fail);
    await time.advance(2_000);
    const hanging = pending();
    await time.advance(10_000);
    await expect(succeed()).rejects.toMatchObject(OPEN);
    expect(breaker.state).toBe('open');
    hanging.settle();
    await hanging.outcome;
    expect(breaker.state).toBe('open');
  });

  it('does not count calls that began before it opened', async () => {
    const early = [pending(), pending()];
    await times(20, fail);
    await time.advance(2_000);
    const probe = pending();
    early[0]?.settle();
    early[1]?.settle(down);
    await Promise.all(early.map(({ outcome }) => outcome));
    expect(breaker.state).toBe('half-open');
    probe.settle(down);
    await probe.outcome;
    expect(breaker.state).toBe('open');
  });
});
