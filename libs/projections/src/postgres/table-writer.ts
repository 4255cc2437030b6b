import type { JsonValue } from '@daybook/eventsourcing';
import type { QueryConfig } from 'pg';
import type { ColumnType } from '../projection.js';

/** A table as the engine writes it: the columns that name a row, then those that say something about it. */
export interface WrittenTable {
  readonly name: string;
  readonly key: readonly WrittenColumn[];
  readonly rest: readonly WrittenColumn[];
}

export interface WrittenColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Values in the order key, then rest. */
export type WrittenRow = readonly (JsonValue | bigint | undefined)[];

/**
 * One statement a table, whatever a batch does to it: rows that go and rows that come are named as arrays, a column an
 * array. Keys that come and keys that go never overlap: the batch has folded them.
 */
export class TableWriter {
  private readonly puts: string;
  private readonly putsAndDeletes: string;
  private readonly columns: readonly WrittenColumn[];

  constructor(private readonly table: WrittenTable) {
    this.columns = [...table.key, ...table.rest];
    this.puts = putStatement(table, 1);
    this.putsAndDeletes = `with gone as (${deleteStatement(table)}) ${putStatement(table, table.key.length + 1)}`;
  }

  statement(puts: readonly WrittenRow[], deletes: readonly WrittenRow[]): QueryConfig {
    const values = arraysOf(this.columns, puts);
    if (deletes.length === 0) return { name: `put ${this.table.name}`, text: this.puts, values };
    const keys = arraysOf(this.table.key, deletes);
    return { name: `del ${this.table.name}`, text: this.putsAndDeletes, values: [...keys, ...values] };
  }
}

/** For tables that only grow. */
export function insertStatement(table: string, columns: readonly WrittenColumn[], rows: readonly WrittenRow[]): QueryConfig {
  const text = `insert into ${table} (${names(columns)}) select * from unnest(${parameters(columns, 1)})`;
  return { name: `add ${table}`, text, values: arraysOf(columns, rows) };
}

function putStatement({ name, key, rest }: WrittenTable, first: number): string {
  const columns = [...key, ...rest];
  const set = rest.map((column) => `"${column.name}" = excluded."${column.name}"`).join(', ');
  return `insert into ${name} (${names(columns)}) select * from unnest(${parameters(columns, first)})
    on conflict (${names(key)}) do update set ${set}`;
}

function deleteStatement({ name, key }: WrittenTable): string {
  const same = key.map((column) => `t."${column.name}" = d."${column.name}"`).join(' and ');
  return `delete from ${name} t using unnest(${parameters(key, 1)}) as d (${names(key)}) where ${same}`;
}

function names(columns: readonly WrittenColumn[]): string {
  return columns.map(({ name }) => `"${name}"`).join(', ');
}

function parameters(columns: readonly WrittenColumn[], first: number): string {
  return columns.map(({ type }, index) => `$${first + index}::${type}[]`).join(', ');
}

/** A column an array, which UNNEST puts together again; written out here, in one pass over the values. */
export function arraysOf(columns: readonly WrittenColumn[], rows: readonly WrittenRow[]): string[] {
  return columns.map(({ type }, index) => `{${rows.map((row) => element(row[index], type)).join(',')}}`);
}

function element(value: JsonValue | bigint | undefined, type: ColumnType): string {
  if (value === null || value === undefined) return 'NULL';
  if (type === 'json') return quoted(JSON.stringify(value));
  return typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
