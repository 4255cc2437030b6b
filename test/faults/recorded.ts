/**
 * The long form of recorded.it.spec.ts: records a history of the node under kills, has it judged by the checker and
 * prints what came out; ends with 1 if a rule is broken. With `--record` a line is added to bench/results/kills.jsonl.
 *
 *   npm run build && node dist/test/faults/recorded.js [--kills 100] [--writers 16] [--out history.jsonl] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { check, describe, HistoryWriter, readHistory } from '../checker/index.js';
import { recordRounds } from './recorded-rounds.js';

const LEDGER = path.resolve('bench/results/kills.jsonl');

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { kills: text, writers: text, out: text, record: { type: 'boolean' } } });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-recorded-'));
  const file = path.resolve(values.out ?? path.join(directory, 'history.jsonl'));
  const kills = Number(values.kills ?? 100);
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
  try {
    const history = new HistoryWriter(file);
    const loadMs = (): number => 50 + Math.random() ** 2 * 1_200;
    await recordRounds({ directory: path.join(directory, 'node'), history, kills, writers: Number(values.writers ?? 16), loadMs });
    history.close();
    const recordedSeconds = seconds();
    const verdict = check(await readHistory(file));
    const machine = { cores: os.cpus().length, node: process.version, load: os.loadavg().map((value) => Number(value.toFixed(1))) };
    const { operations, events, unknown, violations } = verdict;
    const judgedSeconds = seconds() - recordedSeconds;
    const line = { workload: 'recorded', kills, operations, events, unknown, broken: violations.length, recordedSeconds, judgedSeconds, machine };
    process.stdout.write(`${JSON.stringify(line)}\n${describe(verdict)}`);
    if (values.record === true) fs.appendFileSync(LEDGER, `${JSON.stringify(line)}\n`);
    process.exitCode = violations.length === 0 ? 0 : 1;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
