import type { ReadFilter, ReadFrom } from '../messages/read-request.js';
import { checkpoint } from '../messages/read-response.js';
import type { Call } from '../wire/call.js';
import { compileFilter } from './event-filter.js';
import { EventSender } from './event-sender.js';
import { breathe, CONSIDERED_BETWEEN_BREAKS, ordinalAt, type ReadContext } from './read-context.js';
import { RecordSource } from './record-source.js';
import { runSubscription } from './subscription.js';

/**
 * Follows $all from behind a position. With a filter it also says how far it has looked: after every
 * `checkpointInterval` considered events, and when it first reaches the end, if events were left out since.
 */
export async function subscribeAll(
  call: Call,
  from: ReadFrom,
  filter: ReadFilter | undefined,
  context: ReadContext,
): Promise<void> {
  const { index } = context;
  const matches = compileFilter(filter, index);
  const sender = new EventSender(call, index, new RecordSource(context.log));
  let next = firstOrdinal(from, context);
  let considered = 0;
  let leftOut = false;
  let reachedEnd = false;

  await runSubscription(call, context, async () => {
    const end = index.committedCount;
    for (; next < end && call.open; next += 1) {
      const matched = matches(next);
      const sending = matched ? sender.event(next) : undefined;
      if (sending) await sending;
      considered += 1;
      leftOut = !matched;
      if (filter && considered % filter.checkpointInterval === 0) {
        leftOut = false;
        const checkpointing = sender.frame(checkpoint(index.position(next)));
        if (checkpointing) await checkpointing;
      }
      if (considered % CONSIDERED_BETWEEN_BREAKS === 0) await breathe();
    }
    if (filter && leftOut && !reachedEnd) await sender.frame(checkpoint(index.position(next - 1)));
    reachedEnd = true;
    await sender.flush();
  });
}

function firstOrdinal(from: ReadFrom, { index }: ReadContext): number {
  if (from === 'start') return 0;
  if (from === 'end' || from >= Number.MAX_SAFE_INTEGER) return index.committedCount;
  return from === 0 ? 0 : ordinalAt(index, from) + 1;
}
