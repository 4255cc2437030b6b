import { eventBytes, MAX_APPEND_BYTES } from '../append-rules.js';
import type { RecordedEvent } from '../store.js';

/** Consecutive events of one stream: what one append can write without changing the order of the log. */
export interface Run {
  readonly stream: string;
  readonly events: readonly RecordedEvent[];
}

const MOST_EVENTS = 500;
/** Well below what a server takes, which counts a little differently. */
const MOST_BYTES = MAX_APPEND_BYTES * 0.8;

export async function* runsOf(events: AsyncIterable<RecordedEvent>): AsyncGenerator<Run> {
  let run: RecordedEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    const size = sizeOf(event);
    const [first] = run;
    const fits = first?.stream === event.stream && run.length < MOST_EVENTS && bytes + size <= MOST_BYTES;
    if (first && !fits) {
      yield { stream: first.stream, events: run };
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  const [first] = run;
  if (first) yield { stream: first.stream, events: run };
}

function sizeOf({ id, type, data, metadata }: RecordedEvent): number {
  return eventBytes({ id, type, dataText: JSON.stringify(data), metadataText: JSON.stringify(metadata) });
}
