import { EventEmitter } from 'node:events';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { Shutdown } from './shutdown.js';

let time: VirtualTime;
let log: CapturedLog;
let exits: number[];
let done: string[];
let shutdown: Shutdown;

beforeEach(() => {
  time = new VirtualTime();
  log = new CapturedLog();
  exits = [];
  done = [];
  shutdown = new Shutdown({ clock: time, timers: time, log, exit: (code) => exits.push(code) });
});

function add(name: string, withinMs: number, takesMs: number): void {
  shutdown.add({ name, withinMs, run: () => time.sleep(takesMs).then(() => done.push(name)) });
}

describe('shutdown', () => {
  it('runs its phases one after the other, in order', async () => {
    add('drain', 10_000, 3_000);
    add('close', 5_000, 1_000);
    const outcome = await time.until(shutdown.begin('test'));
    expect(done).toEqual(['drain', 'close']);
    expect(outcome).toEqual({ isClean: true, tookMs: 4_000, unfinished: [] });
    expect(time.pendingTimers).toBe(0);
  });

  it('goes on without a phase that is late or fails, tells it to stop, and says so', async () => {
    const aborted: unknown[] = [];
    shutdown.add({
      name: 'hangs',
      withinMs: 2_000,
      run: (signal) => new Promise(() => signal.addEventListener('abort', () => aborted.push(signal.reason))),
    });
    shutdown.add({
      name: 'throws',
      withinMs: 1_000,
      run: () => {
        throw new Error('boom');
      },
    });
    add('close', 1_000, 10);
    const outcome = await time.until(shutdown.begin('test'));
    expect(outcome).toEqual({ isClean: false, tookMs: 2_010, unfinished: ['hangs', 'throws'] });
    expect(done).toEqual(['close']);
    expect(aborted).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('takes no more than 25 seconds, however many phases hang', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      shutdown.add({ name, withinMs: 10_000, run: () => new Promise(() => done.push(name)) });
    }
    const outcome = await time.until(shutdown.begin('test'));
    expect(outcome).toEqual({ isClean: false, tookMs: 25_000, unfinished: ['a', 'b', 'c', 'd'] });
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('begins once, whoever asks', async () => {
    add('close', 1_000, 100);
    const both = await time.until(Promise.all([shutdown.begin('one'), shutdown.begin('two')]));
    expect(both[0]).toBe(both[1]);
    expect(done).toEqual(['close']);
  });

  it('ends the process with 0 when all was done after the first signal', async () => {
    const signals = new EventEmitter();
    shutdown.listen(signals);
    add('close', 1_000, 100);
    signals.emit('SIGTERM');
    await time.advance(100);
    expect(exits).toEqual([0]);
  });

  it('ends the process with 1 when something was not', async () => {
    const signals = new EventEmitter();
    shutdown.listen(signals);
    add('close', 1_000, 5_000);
    signals.emit('SIGINT');
    await time.advance(1_000);
    expect(exits).toEqual([1]);
  });

  it('ends at once at the second signal, of whatever kind', async () => {
    const signals = new EventEmitter();
    shutdown.listen(signals);
    add('close', 10_000, 5_000);
    signals.emit('SIGTERM');
    await time.advance(1_000);
    signals.emit('SIGINT');
    expect(exits).toEqual([1]);
    expect(done).toEqual([]);
  });

  it('takes the echo of a signal for the same one: npm passes on what the terminal has sent already', async () => {
    const signals = new EventEmitter();
    shutdown.listen(signals);
    add('close', 10_000, 5_000);
    signals.emit('SIGINT');
    await time.advance(50);
    signals.emit('SIGINT');
    await time.advance(5_000);
    expect(exits).toEqual([0]);
    expect(done).toEqual(['close']);
  });
});
