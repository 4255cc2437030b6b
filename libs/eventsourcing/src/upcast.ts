import { invariant } from '@daybook/kernel';
import type { z } from 'zod';
import type { JsonObject } from './store.js';

/**
 * The stored events of one feature. The version of an event's shape is part of its stored name: version 1 of
 * `MemberJoined` is stored as `MemberJoined`, version 2 as `MemberJoined.v2`. So a name alone says how to read the
 * data, a filter can tell versions apart, and a program that is too old meets a name it does not know and stops. Inside
 * a version a schema only ever gains optional fields. Events are checked when they are written, not when they are read.
 */
export interface StoredForm {
  readonly type: string;
  readonly data: JsonObject;
}

/** Brings the data of version n to version n + 1. Pure, and never changed once a version has been written. */
export type Upcaster = (data: JsonObject) => JsonObject;

export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly version: number;
  readonly schema: Schema;
  /** One a past version, from version 1 on: version n has n - 1 of them. */
  readonly upcasters?: readonly Upcaster[];
}

type Definitions = Readonly<Record<string, EventDefinition>>;

type DefinedEvent<Defined extends Definitions> = {
  [Name in keyof Defined & string]: { readonly type: Name; readonly data: z.infer<Defined[Name]['schema']> };
}[keyof Defined & string];

/** The union of a registry's events in their current versions. */
export type EventOf<Registry> = Registry extends EventRegistry<infer Event> ? Event : never;

export interface EventRegistry<Event> {
  /** Every stored name ever written, all versions. */
  readonly storedTypes: readonly string[];
  /** Names of the current versions, as the domain knows them. */
  readonly types: readonly string[];
  encode(event: Event): StoredForm;
  decode(stored: StoredForm): Event;
}

export function defineEvents<const Defined extends Definitions>(
  defined: Defined,
): EventRegistry<DefinedEvent<Defined>> {
  const readers = new Map<string, { readonly name: string; readonly upcasters: readonly Upcaster[] }>();
  for (const [name, { version, upcasters = [] }] of Object.entries(defined)) {
    invariant(!/\.v\d+$/.test(name), `${name} is a name with a version in it`);
    invariant(upcasters.length === version - 1, `${name} version ${version} needs ${version - 1} upcasters`);
    for (let past = 1; past <= version; past += 1) {
      readers.set(storedType(name, past), { name, upcasters: upcasters.slice(past - 1) });
    }
  }
  return {
    storedTypes: [...readers.keys()],
    types: Object.keys(defined),
    encode(event) {
      const { type, data } = event as { readonly type: string; readonly data: unknown };
      const definition = Object.hasOwn(defined, type) ? defined[type] : undefined;
      invariant(definition !== undefined, `event ${type} is not defined`);
      return { type: storedType(type, definition.version), data: definition.schema.parse(data) as JsonObject };
    },
    decode({ type, data }) {
      const reader = readers.get(type);
      invariant(reader !== undefined, `stored event ${type} is not known here: this program may be too old`);
      const current = reader.upcasters.reduce((previous, upcast) => upcast(previous), data);
      return { type: reader.name, data: current } as DefinedEvent<Defined>;
    },
  };
}

export function storedType(name: string, version: number): string {
  return version === 1 ? name : `${name}.v${version}`;
}
