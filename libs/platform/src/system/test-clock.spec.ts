import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { TestClock } from './test-clock.js';

const HOUR = 3_600_000;

describe('the test clock', () => {
  it('is the clock of the machine until it is moved, and again after a reset', async () => {
    const machine = new VirtualTime();
    const clock = new TestClock(machine);
    expect([clock.now(), clock.shiftMs]).toEqual([machine.now(), 0]);
    clock.advance(HOUR);
    clock.reset();
    await machine.advance(5);
    expect([clock.now(), clock.shiftMs]).toEqual([machine.now(), 0]);
  });

  it('ticks on from where it was put', async () => {
    const machine = new VirtualTime();
    const clock = new TestClock(machine);
    clock.setTo(Date.parse('2030-12-31T23:59:00Z'));
    await machine.advance(HOUR);
    expect(clock.now()).toBe(Date.parse('2031-01-01T00:59:00Z'));
    clock.advance(-HOUR);
    expect(clock.now()).toBe(Date.parse('2030-12-31T23:59:00Z'));
  });

  it('leaves measured time alone', async () => {
    const machine = new VirtualTime();
    const clock = new TestClock(machine);
    clock.setTo(0);
    await machine.advance(7);
    expect(clock.monotonic()).toBe(7);
  });
});
