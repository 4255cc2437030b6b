/**
 * The long form of writers.it.spec.ts: many writers of one family through two processes. Prints one line of JSON and
 * ends with 1 if anything was lost, doubled or wrongly refused; with `--record` it also appends the line to
 * bench/results/writers.jsonl.
 *
 *   npm run build && node dist/test/faults/writers.js [--seconds 60] [--writers 32] [--seed 1] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDatabase, startEmbeddedPostgres } from '../../libs/platform/src/postgres/index.js';
import { startScaledOut } from '../support/scaled-out.js';
import { writeAsAFamily } from './family-writers.js';

const LEDGER = path.resolve('bench/results/writers.jsonl');

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seconds: text, writers: text, seed: text, record: { type: 'boolean' } } });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-writers-'));
  const server = await startEmbeddedPostgres({ dataDirectory: directory });
  try {
    const [read, ops, vault] = await Promise.all(
      ['read', 'ops', 'vault'].map((name) => ensureDatabase(server.url('postgres'), name, 'DATABASE_URL')),
    );
    if (read === undefined || ops === undefined || vault === undefined) throw new Error('a database was not made');
    const databases = { read, ops, vault };
    const family = await startScaledOut({ directory, databases, apis: 2 });
    try {
      const seconds = Number(values.seconds ?? 60);
      const seed = Number(values.seed ?? 1);
      const writers = Number(values.writers ?? 32);
      const { violations, ...figures } = await writeAsAFamily({ apis: family.apis, writers, milliseconds: seconds * 1_000, seed });
      const machine = { cores: os.cpus().length, node: process.version, load: os.loadavg().map((value) => Number(value.toFixed(1))) };
      const slowestMs = Math.round(figures.slowestMs);
      const line = { workload: 'writers', writers, seconds, seed, ...figures, slowestMs, violations: violations.length, machine };
      process.stdout.write(`${JSON.stringify(line)}\n`);
      for (const violation of violations.slice(0, 20)) process.stdout.write(`${violation}\n`);
      if (values.record) fs.appendFileSync(LEDGER, `${JSON.stringify(line)}\n`);
      process.exitCode = violations.length === 0 ? 0 : 1;
    } finally {
      await family.close();
    }
  } finally {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
