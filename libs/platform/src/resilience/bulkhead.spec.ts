import fc from 'fast-check';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { Bulkhead } from './bulkhead.js';

function bulkhead(timers: VirtualTime, concurrency = 2, queue = 2): Bulkhead {
  return new Bulkhead({
    concurrency,
    queue,
    waitAtMostMs: 1_000,
    refusal: { code: 'DATABASE_UNAVAILABLE', detail: 'Too many reads at once.', retryAfterSeconds: 1 },
    timers,
  });
}

const REFUSED = { code: 'DATABASE_UNAVAILABLE', data: { retryAfterSeconds: 1 } };

describe('a bulkhead', () => {
  it('runs as many as it may, queues as many as it may, and refuses the next at once', async () => {
    const time = new VirtualTime();
    const gate = bulkhead(time);
    const order: number[] = [];
    const work = (id: number) => gate.run(() => time.sleep(100).then(() => void order.push(id)));
    const calls = [1, 2, 3, 4].map(work);
    expect([gate.running, gate.waiting]).toEqual([2, 2]);
    await expect(work(5)).rejects.toMatchObject(REFUSED);
    await time.until(Promise.all(calls));
    expect(order).toEqual([1, 2, 3, 4]);
    expect(time.monotonic()).toBe(200);
    expect([gate.running, gate.waiting, time.pendingTimers]).toEqual([0, 0, 0]);
  });

  it('refuses one that has waited too long, and runs those behind it', async () => {
    const time = new VirtualTime();
    const gate = bulkhead(time, 1);
    const long = gate.run(() => time.sleep(1_500));
    const tooLate = gate.run(() => Promise.resolve('never'));
    const refusal = expect(tooLate).rejects.toMatchObject(REFUSED);
    await time.advance(900);
    const patient = gate.run(() => Promise.resolve('ran'));
    await time.advance(100);
    await refusal;
    expect(gate.waiting).toBe(1);
    expect(await time.until(patient)).toBe('ran');
    await long;
  });

  it('frees the place of one that fails', async () => {
    const gate = bulkhead(new VirtualTime(), 1, 0);
    await expect(gate.run(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    expect(await gate.run(() => Promise.resolve('ran'))).toBe('ran');
  });

  it('never runs more than it may and never loses a place, whatever comes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(500), takes: fc.nat(2_000), fails: fc.boolean() }), { maxLength: 30 }),
        async (calls) => {
          const time = new VirtualTime();
          const gate = bulkhead(time, 3, 5);
          let running = 0;
          let most = 0;
          const all = calls.map(async ({ at, takes, fails }) => {
            await time.sleep(at);
            await gate.run(async () => {
              most = Math.max(most, (running += 1));
              await time.sleep(takes);
              running -= 1;
              if (fails) throw new Error('failed');
            });
          });
          await time.until(Promise.allSettled(all));
          expect(most).toBeLessThanOrEqual(3);
          expect([gate.running, gate.waiting, time.pendingTimers]).toEqual([0, 0, 0]);
        },
      ),
      { numRuns: 25 },
    ));
});
