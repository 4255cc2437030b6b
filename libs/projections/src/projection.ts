import type { JsonObject, JsonValue } from '@daybook/eventsourcing';

/**
 * A projection is a pure fold from events to documents, and from documents to rows. The engine owns position, lock,
 * commit and every statement; the same fold serves live, rebuild and as-of. A projection's name is permanent; a new
 * meaning is a new version.
 */

/** What a fold sees of an event: upcast, with its place in the log. Positions travel as 16 hex digits. */
export interface ProjectedEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  /** Dense number of the event among all domain events of the log. */
  readonly seq: number;
  /** The space the event belongs to: orders, shards, authorises and shares. */
  readonly space: Space;
  readonly actor: string;
  readonly commandId: string;
  /** metadata.recordedAt, made monotone in log order. */
  readonly recordedAt: string;
  readonly on: string;
  readonly metadata: JsonObject;
}

export interface Space {
  readonly kind: 'family' | 'user' | 'system';
  readonly id: string;
}

export type ColumnType = 'text' | 'uuid' | 'bigint' | 'integer' | 'boolean' | 'date' | 'timestamptz' | 'json';

/** Every table also gets `space`, first in its primary key, and `position`; both are the engine's. */
export interface TableSpec {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns that name a row inside its space. */
  readonly key: readonly string[];
  readonly indexes?: readonly { readonly columns: readonly string[]; readonly unique?: boolean }[];
}

export type Row = Readonly<Record<string, JsonValue>>;

export type RowChange =
  | { readonly op: 'put'; readonly row: Row }
  | { readonly op: 'del'; readonly key: Row };

export interface Projection<Document extends JsonValue = JsonValue, Event extends ProjectedEvent = ProjectedEvent> {
  readonly name: string;
  readonly version: number;
  readonly table: TableSpec;
  /** The event types it acts on; all others only advance it. */
  readonly handles: readonly Event['type'][];
  /**
   * Names the document inside the event's space, from the event alone; a list where the event touches several of them,
   * each of which makes its own step, in that order; null for a feed: one row an event, no document.
   */
  key(event: Event): string | readonly string[] | null;
  /** Next document; null removes it. Throws on what it does not understand. */
  evolve(document: Document | null, event: Event, key: string): Document | null;
  /** The rows this step writes and removes; a feed has no key. */
  rows(before: Document | null, after: Document | null, event: Event, key: string | null): readonly RowChange[];
}

/**
 * SQL of its own for people who open psql: a view, by its query, or a function, by all that follows its name. It is asked
 * with the rights of whoever asks; the program does not ask it.
 */
export interface GroupView {
  readonly kind: 'view' | 'function';
  readonly name: string;
  readonly sql: string;
}

/** All read models of one context: one reader, one transaction, one `v` per space. */
export interface ProjectionGroup {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /** Every event type the context has ever stored; any other type is an error, never a default branch. */
  readonly eventTypes: readonly string[];
  spaceOf(stream: string): Space;
  /** Brings any stored version of an event to the current one. */
  upcast(event: { readonly type: string; readonly data: JsonObject }): { readonly type: string; readonly data: unknown };
  readonly projections: readonly Projection[];
  /** Made in this order after the tables; made anew whenever one of them has changed. */
  readonly views?: readonly GroupView[];
}
