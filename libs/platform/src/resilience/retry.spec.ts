import fc from 'fast-check';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { Deadline } from './deadline.js';
import { retry, type RetryPolicy } from './retry.js';
import { RetryBudget } from './retry-budget.js';

const time = () => new VirtualTime();
const random = (fraction = 0.5) => ({ fraction: () => fraction, uuid: () => '', bytes: () => new Uint8Array() });
const transient = new Error('connection reset');

function policy(clock: VirtualTime, overrides: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    isIdempotent: true,
    isTransient: (error) => error === transient,
    deadline: Deadline.after(60_000, clock),
    budget: new RetryBudget(),
    ...overrides,
  };
}

/** Fails that many times, then answers; remembers when it was tried. */
function failing(times: number, clock: VirtualTime, error: Error = transient) {
  const triedAt: number[] = [];
  const operation = () => {
    triedAt.push(clock.monotonic());
    return triedAt.length <= times ? Promise.reject(error) : Promise.resolve('done');
  };
  return { operation, triedAt };
}

describe('a retry', () => {
  it('gets through two transient failures with pauses that double', async () => {
    const clock = time();
    const { operation, triedAt } = failing(2, clock);
    const answer = retry(operation, policy(clock), { clock, timers: clock, random: random(0.5) });
    expect(await clock.until(answer)).toBe('done');
    expect(triedAt).toEqual([0, 25, 75]);
  });

  it('gives up after three tries with the last error', async () => {
    const clock = time();
    const { operation, triedAt } = failing(9, clock);
    await expect(clock.until(retry(operation, policy(clock), { clock, timers: clock, random: random() }))).rejects.toBe(transient);
    expect(triedAt).toHaveLength(3);
  });

  it.each<[string, Partial<RetryPolicy>, Error]>([
    ['is not told to be idempotent', { isIdempotent: false }, transient],
    ['was refused', {}, new Error('PERIOD_CLOSED')],
  ])('is not made when the call %s', async (_what, overrides, error) => {
    const clock = time();
    const { operation, triedAt } = failing(9, clock, error);
    const answer = retry(operation, policy(clock, overrides), { clock, timers: clock, random: random() });
    await expect(clock.until(answer)).rejects.toBe(error);
    expect(triedAt).toEqual([0]);
  });

  it('is not begun when its pause would end after the deadline', async () => {
    const clock = time();
    const { operation, triedAt } = failing(9, clock);
    const deadline = Deadline.after(60, clock);
    const answer = retry(operation, policy(clock, { deadline }), { clock, timers: clock, random: random(1 - 1e-9) });
    await expect(clock.until(answer)).rejects.toBe(transient);
    expect(triedAt).toHaveLength(2);
    expect(clock.monotonic()).toBeLessThan(60);
  });

  it('hands the deadline and the number of the try to the call', async () => {
    const clock = time();
    const seen: number[] = [];
    const operation = ({ number, deadline }: { number: number; deadline: Deadline }) => {
      seen.push(number, deadline.remainingMs());
      return number < 2 ? Promise.reject(transient) : Promise.resolve();
    };
    await clock.until(retry(operation, policy(clock), { clock, timers: clock, random: random() }));
    expect(seen).toEqual([1, 60_000, 2, 59_975]);
  });

  it('whatever chance says, pauses less than 50 ms and then less than 100 ms', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (fraction) => {
        const clock = time();
        const { operation, triedAt } = failing(2, clock);
        await clock.until(retry(operation, policy(clock), { clock, timers: clock, random: random(fraction) }));
        const [first = 0, second = 0, third = 0] = triedAt;
        expect(second - first).toBeLessThan(50);
        expect(third - second).toBeLessThan(100);
      }),
      { numRuns: 30 },
    ));
});

describe('the retry budget', () => {
  it('lets a dependency that is down have a tenth more than its calls, after what was saved', async () => {
    const clock = time();
    const budget = new RetryBudget();
    let tries = 0;
    const operation = () => {
      tries += 1;
      return Promise.reject(transient);
    };
    for (let call = 0; call < 1_000; call += 1) {
      const answer = retry(operation, policy(clock, { budget }), { clock, timers: clock, random: random() });
      await clock.until(answer).catch(() => undefined);
    }
    expect(tries).toBeGreaterThanOrEqual(1_000 + 100);
    expect(tries).toBeLessThanOrEqual(1_000 + 100 + 10);
  });
});
