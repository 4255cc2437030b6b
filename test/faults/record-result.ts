import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const RESULTS = path.resolve('bench/results');
const SHOWN_VIOLATIONS = 20;

interface Figures {
  /** Names the file the line is kept in. */
  readonly workload: string;
  readonly [figure: string]: unknown;
}

/** Prints one line of JSON about a run, and what went wrong in it; ends the process with 1 if anything did. */
export function recordResult(
  figures: Figures,
  violations: readonly string[],
  { startedAt, isKept }: { readonly startedAt: number; readonly isKept: boolean },
): void {
  const line = JSON.stringify({
    ...figures,
    violations: violations.length,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    store: versionOfStore(),
    machine: { cores: os.cpus().length, node: process.version, load: os.loadavg().map((load) => Number(load.toFixed(1))) },
  });
  process.stdout.write(`${line}\n`);
  for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) process.stdout.write(`${violation}\n`);
  if (isKept) fs.appendFileSync(path.join(RESULTS, `${figures.workload}.jsonl`), `${line}\n`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/** The tree of the node's code, so that results of the same code can be added up; nothing outside a clone. */
function versionOfStore(): string | undefined {
  try {
    const args = ['rev-parse', '--short', 'HEAD:apps/eventstore/src'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
