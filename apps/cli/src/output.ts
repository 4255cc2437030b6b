import { Option } from 'commander';

export type OutputFormat = 'table' | 'json';

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how the answer is written').choices(['table', 'json']).default('table');
}

export function quietOption(): Option {
  return new Option('-q, --quiet', 'no progress on stderr').default(false);
}

type Cell = string | number | boolean | null | undefined;

/** Names and values, one a line, the values under each other. What is undefined is left out. */
export function factsTable(facts: Readonly<Record<string, Cell>>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}\n`).join('');
}

/** Rows under their headings; numbers stand on the right. */
export function rowsTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(textOf))];
  const widths = headings.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  const isNumber = headings.map((_, at) => rows.every((row) => typeof row[at] === 'number'));
  const shown = lines.map((line) =>
    line.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join('  ').trimEnd(),
  );
  return `${shown.join('\n')}\n`;
}

/** Numbers of events and bytes can be larger than JSON numbers are exact: positions go as text. */
export function jsonText(value: unknown): string {
  const exact = (_: string, member: unknown): unknown => (typeof member === 'bigint' ? member.toString() : member);
  return `${JSON.stringify(value, exact, 2)}\n`;
}

function textOf(value: Cell): string {
  return value === null || value === undefined ? '' : String(value);
}
