/**
 * The long form of kill.it.spec.ts. Prints one line of JSON and ends with 1 if anything was lost; with `--record` the
 * line is kept in bench/results/kills.jsonl.
 *
 *   npm run build && node dist/test/faults/kills.js [--kills 200] [--writers 16] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runKillRounds } from './kill-rounds.js';
import { recordResult } from './record-result.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { kills: { type: 'string' }, writers: { type: 'string' }, record: { type: 'boolean' } },
  });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-kills-'));
  const startedAt = performance.now();
  try {
    const report = await runKillRounds({
      directory,
      kills: Number(values.kills ?? 200),
      writers: Number(values.writers ?? 16),
      loadMs: () => 20 + Math.random() ** 2 * 1_200,
      onRound: (round, node) => {
        if (round % 20 === 0) process.stderr.write(`kill ${round}: ${node.events} events, open in ${node.openMs} ms\n`);
      },
    });
    const { violations, ...figures } = report;
    recordResult({ workload: 'kills', ...figures }, violations, { startedAt, isKept: values.record ?? false });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
