/**
 * The long form of kill.it.spec.ts. Prints one line of JSON and ends with 1 if anything was lost; with `--record` it
 * also appends the line to bench/results/kills.jsonl.
 *
 *   npm run build && node dist/test/faults/kills.js [--kills 200] [--writers 16] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runKillRounds } from './kill-rounds.js';

const LEDGER = path.resolve('bench/results/kills.jsonl');

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
    const load = os.loadavg().map((value) => Number(value.toFixed(1)));
    const { violations, ...figures } = report;
    const line = {
      workload: 'kills',
      ...figures,
      lost: violations.length,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      machine: { cores: os.cpus().length, node: process.version, load },
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    for (const violation of violations.slice(0, 20)) process.stdout.write(`${violation}\n`);
    if (values.record) fs.appendFileSync(LEDGER, `${JSON.stringify(line)}\n`);
    process.exitCode = violations.length === 0 ? 0 : 1;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
