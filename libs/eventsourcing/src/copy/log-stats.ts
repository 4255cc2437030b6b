/** One event, as the statistics see it. */
export interface CountedEvent {
  readonly stream: string;
  readonly type: string;
  readonly bytes: number;
}

export interface Count {
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
}

export interface LogStatsReport {
  readonly events: number;
  readonly bytes: number;
  readonly streams: number;
  /** By what stands before the first hyphen of a stream's name; the longest stream of each says how they grow. */
  readonly kinds: readonly (Count & { readonly streams: number; readonly longest: number })[];
  readonly types: readonly Count[];
  readonly largest: readonly (Count & { readonly tooLong: boolean })[];
  /** Streams that have reached the bound. */
  readonly tooLong: number;
}

/** A stream is read whole by every command that has not seen it: from here on somebody should look why it has grown. */
export const STREAM_BOUND = 5_000;

interface Counter {
  events: number;
  bytes: number;
}

/** Counts a log event by event; memory grows with the number of streams. */
export class LogStats {
  private readonly streams = new Map<string, Counter>();
  private readonly types = new Map<string, Counter>();

  add({ stream, type, bytes }: CountedEvent): void {
    for (const [counters, name] of [[this.streams, stream], [this.types, type]] as const) {
      const counter = counters.get(name) ?? { events: 0, bytes: 0 };
      counter.events += 1;
      counter.bytes += bytes;
      counters.set(name, counter);
    }
  }

  /** With so many of the largest streams. */
  report(largest: number): LogStatsReport {
    const streams = counted(this.streams);
    const isTooLong = ({ events }: Count): boolean => events >= STREAM_BOUND;
    return {
      events: sum(streams, 'events'),
      bytes: sum(streams, 'bytes'),
      streams: streams.length,
      kinds: kindsOf(streams),
      types: counted(this.types),
      largest: streams.slice(0, largest).map((stream) => ({ ...stream, tooLong: isTooLong(stream) })),
      tooLong: streams.filter(isTooLong).length,
    };
  }
}

/** The most events first. */
function counted(counters: ReadonlyMap<string, Counter>): Count[] {
  const counts = [...counters].map(([name, { events, bytes }]) => ({ name, events, bytes }));
  return counts.sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
}

function sum(counts: readonly Count[], field: 'events' | 'bytes'): number {
  return counts.reduce((total, count) => total + count[field], 0);
}

function kindsOf(streams: readonly Count[]): LogStatsReport['kinds'] {
  const kinds = new Map<string, Counter & { streams: number; longest: number }>();
  for (const { name, events, bytes } of streams) {
    const kindName = name.split('-')[0] ?? name;
    const kind = kinds.get(kindName) ?? { events: 0, bytes: 0, streams: 0, longest: 0 };
    kind.events += events;
    kind.bytes += bytes;
    kind.streams += 1;
    kind.longest = Math.max(kind.longest, events);
    kinds.set(kindName, kind);
  }
  return [...kinds].map(([name, kind]) => ({ name, ...kind }));
}
