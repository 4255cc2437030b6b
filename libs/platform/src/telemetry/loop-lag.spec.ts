import { watchLoopLag } from './loop-lag.js';

/** Time that passes without the timers running, as when the event loop is held. */
function heldLoop() {
  let now = 0;
  let due: (() => void) | undefined;
  return {
    clock: { now: () => now, monotonic: () => now },
    timers: {
      sleep: () => Promise.resolve(),
      after: (_milliseconds: number, callback: () => void) => {
        due = callback;
        return () => (due = undefined);
      },
    },
    pass: (milliseconds: number) => (now += milliseconds),
    turn: () => due?.(),
    isWatched: () => due !== undefined,
  };
}

describe('the event loop lag', () => {
  it('is seen while the loop is held, for one beat after, and then no more', () => {
    const loop = heldLoop();
    const lag = watchLoopLag(loop);
    loop.pass(500);
    loop.turn();
    expect(lag.lagMs()).toBe(0);
    loop.pass(6_500);
    expect(lag.lagMs()).toBe(6_000);
    loop.turn();
    expect(lag.lagMs()).toBe(6_000);
    loop.pass(500);
    loop.turn();
    expect(lag.lagMs()).toBe(0);
    lag.stop();
    expect(loop.isWatched()).toBe(false);
  });
});
