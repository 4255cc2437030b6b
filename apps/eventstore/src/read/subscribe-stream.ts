import type { ReadFrom } from '../messages/read-request.js';
import type { Call } from '../wire/call.js';
import { EventSender } from './event-sender.js';
import { streamDeleted, type ReadContext } from './read-context.js';
import { RecordSource } from './record-source.js';
import { runSubscription } from './subscription.js';
import { firstVisibleRevision, oldestVisible } from './visible-events.js';

/** Follows one stream from behind a revision. A stream that does not exist yet is waited for. */
export async function subscribeStream(
  call: Call,
  stream: string,
  from: ReadFrom,
  context: ReadContext,
): Promise<void> {
  const { catalog, index } = context;
  const sender = new EventSender(call, index, new RecordSource(context.log));
  let next = from === 'start' ? 0 : from === 'end' ? catalog.count(stream, 'durable') : from + 1;

  await runSubscription(call, context, async () => {
    if (catalog.isTombstoned(stream, 'durable')) throw streamDeleted(stream);
    const number = catalog.numberOf(stream);
    const count = catalog.count(stream, 'durable');
    if (number === undefined || next >= count) return;
    const metadata = catalog.metadataOf(stream, 'durable');
    const oldest = oldestVisible(metadata, context.clock.now());
    for (next = Math.max(next, firstVisibleRevision(metadata, count)); next < count && call.open; next += 1) {
      const ordinal = index.ordinalIn(number, next);
      if (oldest !== undefined && (await sender.load(ordinal)).created < oldest) continue;
      const sending = sender.event(ordinal);
      if (sending) await sending;
    }
    await sender.flush();
  });
}
