/**
 * Judges a recorded history.
 *
 *   npm run build
 *   node dist/test/checker/main.js <history.jsonl>                       0: holds, 1: broken, 2: cannot be read
 *   node dist/test/checker/main.js --generate 1000000 [--seed 1] [--bug 'late insert'] > history.jsonl
 *   node dist/test/checker/main.js --bugs                                 names of what can be planted
 */
import { parseArgs } from 'node:util';
import { check } from './check.js';
import { describe } from './describe.js';
import { printLine, type SeenEvent } from './history.js';
import { readHistory } from './history-file.js';
import { generate } from './model/generate.js';
import { BUGS, type Bug } from './model/store-model.js';

const HOLDS = 0;
const BROKEN = 1;
const UNREADABLE = 2;
const DUMP_LINE_EVENTS = 1_000;
const OUTPUT_CHARACTERS = 1 << 20;

export async function main(args: readonly string[], write: (text: string) => void): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { generate: text, seed: text, bug: text, bugs: { type: 'boolean' } },
  });
  if (values.bugs === true) write(Object.entries(BUGS).map(([name, what]) => `${name}: ${what}\n`).join(''));
  else if (values.generate !== undefined) generateTo(write, Number(values.generate), Number(values.seed ?? 1), values.bug ?? null);
  else if (positionals.length === 1) return checkFile(positionals[0] ?? '', write);
  else throw new TypeError('name one file with a history');
  return HOLDS;
}

async function checkFile(file: string, write: (text: string) => void): Promise<number> {
  const startedAt = performance.now();
  const history = await readHistory(file);
  const readAt = performance.now();
  const verdict = check(history);
  const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(1);
  write(
    `${verdict.operations} operations (${verdict.unknown} appends of unknown outcome), ${verdict.events} events; ` +
      `read in ${seconds(startedAt, readAt)} s, judged in ${seconds(readAt, performance.now())} s\n`,
  );
  write(describe(verdict));
  return verdict.violations.length === 0 ? HOLDS : BROKEN;
}

function generateTo(write: (text: string) => void, operations: number, seed: number, bug: string | null): void {
  if (bug !== null && !(bug in BUGS)) throw new TypeError(`no bug is called ${JSON.stringify(bug)}: ${Object.keys(BUGS).join(', ')}`);
  let waiting = '';
  const add = (line: string): void => {
    waiting += `${line}\n`;
    if (waiting.length < OUTPUT_CHARACTERS) return;
    write(waiting);
    waiting = '';
  };
  const log: readonly SeenEvent[] = generate({ operations, seed, bug: bug as Bug | null }, (line) => add(printLine(line)));
  for (let first = 0; first < log.length; first += DUMP_LINE_EVENTS) {
    add(printLine({ op: 'dump', value: { events: log.slice(first, first + DUMP_LINE_EVENTS) } }));
  }
  write(waiting);
}

if (require.main === module) {
  main(process.argv.slice(2), (text) => void process.stdout.write(text)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = UNREADABLE;
    },
  );
}
