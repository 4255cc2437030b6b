import { ExitCode } from '../../apps/eventstore/src/index.js';
import { hasStrace, sweep, type Injection } from './syscall-sweep.js';

/** The short form. The long one: `node dist/test/faults/disk-errors.js --most 60`. */
const SHORT: readonly Injection[] = [
  { calls: 'fdatasync', effect: 'error=EIO', ends: [ExitCode.WRITE_FAILED] },
  { calls: 'pwrite64', effect: 'signal=SIGKILL', ends: 'killed' },
];
const CALLS = 3;

describe('a node whose system calls fail', () => {
  it.each(SHORT)('has everything it acknowledged: $calls, $effect', async (injection) => {
    if (!hasStrace()) {
      process.stdout.write('SKIP disk errors: there is no strace here\n');
      return;
    }
    expect(await sweep(injection, CALLS)).toEqual({ hits: CALLS, violations: [] });
  }, 120_000);
});
