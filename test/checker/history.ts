/**
 * What clients of a store asked and were told, one JSON object a line; README.md has the format. It is all the checker
 * knows: it shares no code with the store, its clients or anything else of the project.
 */

/** An event as a client got it. The digest covers everything the client got of it. */
export interface SeenEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
  readonly digest: string;
}

/** `ok`: told that it is done; `fail`: told that it has no effect; `info`: told nothing that says which. */
export type Outcome = 'ok' | 'fail' | 'info';

interface Told {
  readonly proc: string;
  readonly seq: number;
  /** Microseconds of one monotonic clock that all processes of the machine share. */
  readonly t_invoke: number;
  readonly t_done: number;
  readonly type: Outcome;
}

export type Expected = bigint | 'any';

export interface Append extends Told {
  readonly op: 'append';
  readonly value: {
    readonly stream: string;
    /** -1 for a stream without events. */
    readonly expected: Expected;
    readonly ids: readonly string[];
    /** Of the last event of the append, as acknowledged. */
    readonly revision?: bigint;
    readonly position?: bigint;
    /** `conflict`: the stream is not where the append expected it. */
    readonly reason?: string;
    /** Where a conflict says the stream is. */
    readonly actual?: bigint;
  };
}

export type Direction = 'forwards' | 'backwards';

export interface StreamRead extends Told {
  readonly op: 'read-stream';
  readonly value: {
    readonly stream: string;
    readonly direction: Direction;
    /** Inclusive; null is the start forwards and the end backwards. */
    readonly from: bigint | null;
    readonly limit: number | null;
    readonly events: readonly SeenEvent[];
  };
}

export interface AllRead extends Told {
  readonly op: 'read-all';
  readonly value: {
    readonly direction: Direction;
    /** Inclusive forwards, exclusive backwards; null is the start or the end. */
    readonly from: bigint | null;
    readonly limit: number | null;
    readonly events: readonly SeenEvent[];
  };
}

/** One life of a subscription to $all, from its request until it broke or was left. */
export interface Subscription extends Told {
  readonly op: 'subscribe';
  readonly value: {
    /** Exclusive; null is the start of the log. */
    readonly after: bigint | null;
    /** Only streams whose names begin with one of these; null is everything. */
    readonly prefixes: readonly string[] | null;
    readonly events: readonly SeenEvent[];
    /** When each event arrived. */
    readonly times: readonly number[];
    /** How many events had arrived when it was first said that history is over; null if never. */
    readonly caughtUp: number | null;
  };
}

/** A part of the log as it is in the end, in its order; all parts of a history make the whole log. */
export interface Dump {
  readonly op: 'dump';
  readonly value: { readonly events: readonly SeenEvent[] };
}

export type Operation = Append | StreamRead | AllRead | Subscription;
export type Line = Operation | Dump;

/** As JSON has it: revisions and positions are decimal text, because JSON has no integers of their size. */
type Text<Value> = Value extends bigint ? string : Value extends readonly (infer Item)[] ? readonly Text<Item>[] : Value extends object ? { [Key in keyof Value]: Text<Value[Key]> } : Value;

export function printLine(line: Line): string {
  return JSON.stringify({ ...line, value: textOf(line) });
}

function textOf({ op, value }: Line): object {
  switch (op) {
    case 'append':
      return { ...value, ...texts(value, 'expected', 'revision', 'position', 'actual') };
    case 'read-stream':
    case 'read-all':
      return { ...value, ...texts(value, 'from'), events: value.events.map(eventText) };
    case 'subscribe':
      return { ...value, ...texts(value, 'after'), events: value.events.map(eventText) };
    case 'dump':
      return { events: value.events.map(eventText) };
    default:
      throw new TypeError(`no operation is called ${JSON.stringify(op satisfies never)}`);
  }
}

const eventText = (event: SeenEvent): object => ({ ...event, revision: String(event.revision), position: String(event.position) });

function texts<Key extends string>(value: { readonly [key in Key]?: unknown }, ...keys: readonly Key[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (typeof value[key] === 'bigint' ? [[key, String(value[key])]] : [])));
}

export function parseLine(text: string): Line {
  const line = JSON.parse(text) as Text<Line>;
  if (line.op !== 'dump' && !(line.t_invoke <= line.t_done)) throw new RangeError(`${line.proc}/${line.seq} ends before it begins`);
  return { ...line, value: valueOf(line) } as Line;
}

function valueOf({ op, value }: Text<Line>): Line['value'] {
  switch (op) {
    case 'append':
      return { ...value, ...numbers(value, 'expected', 'revision', 'position', 'actual') } as object as Append['value'];
    case 'read-stream':
    case 'read-all':
      return { ...value, ...numbers(value, 'from'), events: value.events.map(eventOf) } as StreamRead['value'] | AllRead['value'];
    case 'subscribe':
      return { ...value, ...numbers(value, 'after'), events: value.events.map(eventOf) } as Subscription['value'];
    case 'dump':
      return { events: value.events.map(eventOf) };
    default:
      throw new TypeError(`no operation is called ${JSON.stringify(op satisfies never)}`);
  }
}

function eventOf({ stream, revision, position, id, digest }: Text<SeenEvent>): SeenEvent {
  return { stream, revision: BigInt(revision), position: BigInt(position), id, digest };
}

function numbers<Key extends string>(value: { readonly [key in Key]?: unknown }, ...keys: readonly Key[]): Record<string, unknown> {
  const isNumber = (text: unknown): text is string => typeof text === 'string' && text !== 'any';
  return Object.fromEntries(keys.flatMap((key) => (isNumber(value[key]) ? [[key, BigInt(value[key])]] : [])));
}
