import { load, machine, machineLine, type Machine } from './machine.js';
import { report } from './report.js';

export interface RunResult {
  /** Behind the title and the machine. */
  readonly sections: readonly string[];
  readonly figures: object;
}

/**
 * What every benchmark does around its measuring: says what it was measured on and how busy that was, prints the tables
 * and leaves them, with the raw figures, in bench/results. A smoke run shows that the benchmark works, and has a name of
 * its own so that it never takes the place of figures.
 */
export async function run(
  { name, title, smoke }: { readonly name: string; readonly title: string; readonly smoke: boolean },
  measure: () => Promise<RunResult>,
): Promise<void> {
  const before: Machine = machine();
  const startedAt = performance.now();
  const { sections, figures } = await measure();
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const head = `# ${title}${smoke ? ' (smoke: shows that it works, says nothing)' : ''}`;
  const after = load();
  const text = [head, '', `${machineLine(before, after)}. It took ${seconds} s.`, '', ...sections].join('\n');
  report(smoke ? `${name}-smoke` : name, text, { machine: before, loadAfter: after, seconds, ...figures });
}

export function main(work: () => Promise<void>): void {
  work().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}

export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
