/**
 * Errors of single system calls, by strace: the k-th write, sync, rename, open or send of the node fails or kills it, for
 * k = 1, 2, … until a run gets through. The node must answer nothing it could not store, end with the code that says why
 * (or not at all, when only a connection is gone), and have everything it acknowledged when it is started again.
 * With `--record` the result is kept in bench/results/disk-errors.jsonl.
 *
 *   npm run build && node dist/test/faults/disk-errors.js [--most 12] [--record]
 */
import { parseArgs } from 'node:util';
import { recordResult } from './record-result.js';
import { hasStrace, INJECTIONS, nameOf, sweep } from './syscall-sweep.js';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { most: { type: 'string' }, record: { type: 'boolean' } } });
  if (!hasStrace()) {
    process.stdout.write('SKIP disk errors: there is no strace here\n');
    process.exitCode = 2;
    return;
  }
  const startedAt = performance.now();
  const hits: Record<string, number> = {};
  const violations: string[] = [];
  for (const injection of INJECTIONS) {
    const name = nameOf(injection);
    const swept = await sweep(injection, Number(values.most ?? 12));
    process.stderr.write(`${name}: hit ${swept.hits} times, ${swept.violations.length} violations\n`);
    hits[name] = swept.hits;
    violations.push(...swept.violations);
  }
  recordResult({ workload: 'disk-errors', hits }, violations, { startedAt, isKept: values.record ?? false });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
