import { VirtualTime } from '../../../test/support/virtual-time.js';
import { RunningCommands } from './running-commands.js';

let time: VirtualTime;
let running: RunningCommands;
let begun: string[];

beforeEach(() => {
  time = new VirtualTime();
  running = new RunningCommands(time);
  begun = [];
});

/** A command that takes that long. */
const run = (id: string, name: string, milliseconds: number) =>
  running.oneAtATime(id, async () => {
    begun.push(name);
    await time.sleep(milliseconds);
    return name;
  });

describe('two requests with one key', () => {
  it('are carried out one after the other', async () => {
    const all = Promise.all([run('one', 'first', 100), run('one', 'second', 10), run('one', 'third', 10)]);
    await time.advance(99);
    expect(begun).toEqual(['first']);
    expect(await time.until(all)).toEqual(['first', 'second', 'third']);
    expect(begun).toEqual(['first', 'second', 'third']);
    expect(time.pendingTimers).toBe(0);
  });

  it('do not wait for those with another key', async () => {
    void run('one', 'first', 100);
    void run('two', 'other', 100);
    await time.settle();
    expect(begun).toEqual(['first', 'other']);
  });

  it('go on after one that failed', async () => {
    const failed = running.oneAtATime('one', async () => {
      await time.sleep(10);
      throw new Error('refused');
    });
    const next = run('one', 'next', 10);
    await expect(time.until(failed)).rejects.toThrow('refused');
    expect(await time.until(next)).toBe('next');
  });

  it('are told after five seconds that the first has no answer yet, and when to ask again', async () => {
    void run('one', 'first', 6_000);
    const second = run('one', 'second', 1);
    const refusal = second.catch((error: unknown) => error);
    await time.advance(4_999);
    await time.advance(1);
    expect(await refusal).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', data: { commandId: 'one', retryAfterSeconds: 1 } });
    expect(begun).toEqual(['first']);
  });
});
