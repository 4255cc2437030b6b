import { systemClock } from './system-clock.js';
import { systemRandom } from './system-random.js';
import { systemTimers } from './system-timers.js';

describe('the system timers', () => {
  it('sleep at least as long as asked', async () => {
    const before = systemClock.monotonic();
    await systemTimers.sleep(20);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19);
  });

  it('wake a sleeper whose signal is aborted, with the reason', async () => {
    const controller = new AbortController();
    const sleeping = systemTimers.sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(systemTimers.sleep(60_000, controller.signal)).rejects.toThrow('enough');
  });

  it('call back once, unless cancelled', async () => {
    const called: string[] = [];
    const cancel = systemTimers.after(5, () => called.push('cancelled'));
    await new Promise<void>((resolve) => {
      systemTimers.after(5, () => called.push('kept'));
      systemTimers.after(15, resolve);
      cancel();
      const awake = setInterval(() => called.length > 0 && clearInterval(awake), 1);
    });
    expect(called).toEqual(['kept']);
  });
});

describe('the system random', () => {
  it('draws fractions from [0, 1), ids and as many bytes as asked', () => {
    const fractions = Array.from({ length: 200 }, () => systemRandom.fraction());
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    expect(new Set(fractions).size).toBe(200);
    expect(systemRandom.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(systemRandom.bytes(32)).toHaveLength(32);
  });
});

describe('the system clock', () => {
  it('tells the time of day, and a time that never goes back', () => {
    expect(Math.abs(systemClock.now() - new Date().getTime())).toBeLessThan(1_000);
    const readings = Array.from({ length: 100 }, () => systemClock.monotonic());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });
});
