/**
 * The long form of corruption.it.spec.ts: damages one file of a store at a time, in every place and in every way, and
 * looks at what the offline check, the node and its scrub make of it. Prints one line of JSON and ends with 1 if a wrong
 * event was served or damage went unnoticed; with `--record` the line is kept in bench/results/corruption.jsonl.
 *
 *   npm run build && node dist/test/faults/corruption.js [--files 200] [--seed 1] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCorruptionRounds } from './corruption/corruption-rounds.js';
import { recordResult } from './record-result.js';

async function main(): Promise<void> {
  const options = { files: { type: 'string' }, seed: { type: 'string' }, record: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-corruption-'));
  const startedAt = performance.now();
  try {
    const { violations, ...figures } = await runCorruptionRounds({
      directory,
      files: Number(values.files ?? 200),
      appendsALife: 130,
      seed,
      onRound: (round, line) => process.stderr.write(`${round}: ${line}\n`),
    });
    recordResult({ workload: 'corruption', seed, ...figures }, violations, { startedAt, isKept: values.record ?? false });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
