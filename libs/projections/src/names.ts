import type { ProjectedEvent, Projection, ProjectionGroup } from './projection.js';
import type { SpaceKey } from './space.js';

/** 63 bytes are Postgres' limit for a name; the version's suffix, and what names a statement, come on top. */
const IDENTIFIER = /^[a-z][a-z0-9_]{0,47}$/;
const ENGINE_COLUMNS = new Set(['space', 'position']);

/** Documents belong to one version of a projection, as its rows do. STORAGE CONTRACT. */
export function documentName({ name, version }: Pick<Projection, 'name' | 'version'>): string {
  return `${name}_v${version}`;
}

export function documentId(name: string, space: SpaceKey, key: string): string {
  return `${name}\0${space}\0${key}`;
}

/** The documents an event touches, each once; null for a feed. */
export function keysOf(projection: Projection, event: ProjectedEvent): readonly string[] | null {
  const named = projection.key(event);
  if (named === null) return null;
  const keys = typeof named === 'string' ? [named] : [...new Set(named)];
  if (keys.some((key) => key.includes('\0'))) throw new TypeError('a key has a NUL character');
  return keys;
}

/** The table that holds the rows; readers know only the view under the plain name. */
export function physicalTable({ table, version }: Projection): string {
  return `${table.name}_v${version}`;
}

/** Names go into statements as they are, so they are checked once, before the first statement. */
export function assertNames(group: ProjectionGroup): void {
  const projections = new Set<string>();
  const tables = new Set<string>();
  assertIdentifier(group.name);
  for (const projection of group.projections) {
    const { name, table, handles } = projection;
    assertIdentifier(name);
    assertIdentifier(table.name);
    for (const column of Object.keys(table.columns)) {
      assertIdentifier(column);
      if (ENGINE_COLUMNS.has(column)) throw new TypeError(`${table.name}.${column} is the engine's own column`);
    }
    const indexed = (table.indexes ?? []).flatMap(({ columns }) => columns);
    for (const column of [...table.key, ...indexed]) {
      if (table.columns[column] === undefined) throw new TypeError(`${table.name} has no column ${column}`);
    }
    if (table.key.length === 0) throw new TypeError(`${table.name} has no key`);
    if (projections.has(name) || tables.has(table.name)) throw new TypeError(`${name} is there twice in ${group.name}`);
    projections.add(name);
    tables.add(table.name);
    const foreign = handles.find((type) => !group.eventTypes.includes(type));
    if (foreign !== undefined) throw new TypeError(`${name} handles ${foreign}, which ${group.name} has never stored`);
  }
  for (const { name } of group.views ?? []) {
    assertIdentifier(name);
    if (tables.has(name)) throw new TypeError(`${name} is there twice in ${group.name}`);
    tables.add(name);
  }
}

function assertIdentifier(name: string): void {
  if (!IDENTIFIER.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a name for a table, column or projection`);
}
