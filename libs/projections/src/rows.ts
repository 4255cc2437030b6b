import type { JsonValue } from '@daybook/eventsourcing';
import { freezeJson } from './json.js';
import type { ColumnType, Row, RowChange, TableSpec } from './projection.js';

/** Rows of one table as one document says they are. */
export type RowsOf<Document> = (document: Document) => readonly Row[];

/** For `rows` of a projection whose rows follow from its document alone: writes what changed, removes what is gone. */
export function replaceRows<Document extends JsonValue>(table: TableSpec, rowsOf: RowsOf<Document>) {
  return (before: Document | null, after: Document | null): readonly RowChange[] => {
    const old = new Map((before === null ? [] : rowsOf(before)).map((row) => [rowKey(table, row), row]));
    const changes: RowChange[] = [];
    for (const row of after === null ? [] : rowsOf(after)) {
      const key = rowKey(table, row);
      const known = old.get(key);
      old.delete(key);
      if (known === undefined || JSON.stringify(known) !== JSON.stringify(row)) changes.push({ op: 'put', row });
    }
    for (const row of old.values()) changes.push({ op: 'del', key: keyOf(table, row) });
    return changes;
  };
}

/** The key values of a row in the table's order, as one comparable text. */
export function rowKey(table: TableSpec, row: Row): string {
  return JSON.stringify(table.key.map((column) => row[column]));
}

function keyOf(table: TableSpec, row: Row): Row {
  return Object.fromEntries(table.key.map((column) => [column, row[column] ?? null]));
}

/**
 * Whatever Postgres would refuse is refused here first, by the fold, so that it parks one space instead of failing a
 * batch of many, and so that a fold in memory and a fold over Postgres refuse the same.
 */
export function checkRow(table: TableSpec, row: Row): void {
  for (const column of Object.keys(row)) {
    if (table.columns[column] === undefined) throw new TypeError(`${table.name} has no column ${column}`);
  }
  for (const [column, type] of Object.entries(table.columns)) {
    const value = row[column];
    if (value === undefined) throw new TypeError(`a row of ${table.name} leaves ${column} out`);
    checkValue(value, type, `${table.name}.${column}`);
  }
  checkKey(table, row);
}

export function checkKey(table: TableSpec, row: Row): void {
  for (const column of table.key) {
    const type = table.columns[column];
    const value = row[column];
    if (value === undefined || value === null || type === undefined) {
      throw new TypeError(`the key of a row of ${table.name} leaves ${column} out`);
    }
    checkValue(value, type, `${table.name}.${column}`);
    if (!isCanonical(value, type)) throw new TypeError(`${table.name}.${column} is written in a second way for one key`);
  }
}

/** Two texts of one value would be two keys here and one in Postgres. */
function isCanonical(value: JsonValue, type: ColumnType): boolean {
  if (type === 'json') return false;
  if (type === 'bigint') return typeof value === 'number' || !Number.isSafeInteger(Number(value));
  if (type === 'timestamptz') return typeof value === 'string' && new Date(value).toISOString() === value;
  return true;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BIGINT = /^-?\d{1,18}$/;
const CIVIL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

function checkValue(value: JsonValue, type: ColumnType, where: string): void {
  if (value === null) return;
  if (!fits(value, type)) throw new TypeError(`${where} takes ${type}, not this ${typeof value}`);
}

function fits(value: JsonValue, type: ColumnType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && !value.includes('\0');
    case 'uuid':
      return typeof value === 'string' && UUID.test(value);
    case 'bigint':
      return Number.isSafeInteger(value) || (typeof value === 'string' && BIGINT.test(value));
    case 'integer':
      return typeof value === 'number' && (value | 0) === value;
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isCivilDate(value);
    case 'timestamptz':
      return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
    case 'json':
      freezeJson(value, 'json');
      return true;
    default:
      throw new TypeError(`no column type ${String(type satisfies never)}`);
  }
}

function isCivilDate(value: string): boolean {
  const [, year, month, day] = CIVIL_DATE.exec(value) ?? [];
  if (year === undefined) return false;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const isLeap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const last = m === 2 && isLeap ? 29 : (DAYS_OF_MONTH[m - 1] ?? 0);
  return y > 0 && d >= 1 && d <= last;
}
