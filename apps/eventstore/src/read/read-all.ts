import type { ReadFrom, ReadRequest } from '../messages/read-request.js';
import type { Call } from '../wire/call.js';
import { compileFilter } from './event-filter.js';
import { EventSender } from './event-sender.js';
import { breathe, CONSIDERED_BETWEEN_BREAKS, ordinalAt, type ReadContext } from './read-context.js';
import { RecordSource } from './record-source.js';

/** A bounded read of $all: what is durable when it begins. Forwards includes the event at its start, backwards does not. */
export async function readAll(
  call: Call,
  request: ReadRequest,
  from: ReadFrom,
  maxCount: number,
  context: ReadContext,
): Promise<void> {
  const { index } = context;
  const matches = compileFilter(request.filter, index);
  const source = new RecordSource(context.log, request.backwards);
  const sender = new EventSender(call, index, source);
  const step = request.backwards ? -1 : 1;
  const end = request.backwards ? -1 : index.committedCount;
  let considered = 0;
  let remaining = maxCount;
  for (let ordinal = firstOrdinal(from, request.backwards, context); ordinal !== end; ordinal += step) {
    if (remaining === 0 || !call.open) break;
    considered += 1;
    if (considered % CONSIDERED_BETWEEN_BREAKS === 0) await breathe();
    if (!matches(ordinal)) continue;
    remaining -= 1;
    const sending = sender.event(ordinal);
    if (sending) await sending;
  }
  await sender.flush();
  call.finish();
}

function firstOrdinal(from: ReadFrom, backwards: boolean, { index }: ReadContext): number {
  const count = index.committedCount;
  if (from === 'start' || from === 0) return backwards ? -1 : 0;
  if (from === 'end' || from >= Number.MAX_SAFE_INTEGER) return backwards ? count - 1 : count;
  const ordinal = ordinalAt(index, from);
  return backwards ? ordinal - 1 : ordinal;
}
