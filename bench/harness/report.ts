import fs from 'node:fs';
import path from 'node:path';

const RESULTS = path.join('bench', 'results');

/** Prints the table and leaves it, with all raw figures beside it, in bench/results/. */
export function report(name: string, markdown: string, figures: unknown): void {
  fs.mkdirSync(RESULTS, { recursive: true });
  fs.writeFileSync(path.join(RESULTS, `${name}.md`), `${markdown}\n`);
  fs.writeFileSync(path.join(RESULTS, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  process.stdout.write(`${markdown}\n`);
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
