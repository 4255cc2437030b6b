import type { ReadFrom } from '../messages/read-request.js';
import { streamNotFound } from '../messages/read-response.js';
import type { Call } from '../wire/call.js';
import { EventSender } from './event-sender.js';
import { streamDeleted, type ReadContext } from './read-context.js';
import { RecordSource } from './record-source.js';
import { firstVisibleRevision, oldestVisible } from './visible-events.js';

/** A bounded read of one stream, in either direction, without what its metadata hides. */
export async function readStream(
  call: Call,
  read: { stream: string; from: ReadFrom; backwards: boolean; maxCount: number },
  context: ReadContext,
): Promise<void> {
  const { catalog, index } = context;
  if (catalog.isTombstoned(read.stream, 'durable')) throw streamDeleted(read.stream);
  const number = catalog.numberOf(read.stream);
  const count = catalog.count(read.stream, 'durable');
  const metadata = catalog.metadataOf(read.stream, 'durable');
  if (number === undefined || count === 0 || metadata.softDeleted) {
    call.send(streamNotFound(read.stream));
    return call.finish();
  }

  const first = firstVisibleRevision(metadata, count);
  const oldest = oldestVisible(metadata, context.clock.now());
  const sender = new EventSender(call, index, new RecordSource(context.log, read.backwards));
  const step = read.backwards ? -1 : 1;
  let remaining = read.maxCount;
  for (let revision = firstRevision(read.from, read.backwards, first, count); ; revision += step) {
    if (revision < first || revision >= count || remaining === 0 || !call.open) break;
    const ordinal = index.ordinalIn(number, revision);
    if (oldest !== undefined && (await sender.load(ordinal)).created < oldest) continue;
    remaining -= 1;
    const sending = sender.event(ordinal);
    if (sending) await sending;
  }
  await sender.flush();
  call.finish();
}

function firstRevision(from: ReadFrom, backwards: boolean, firstVisible: number, count: number): number {
  const asked = from === 'start' ? 0 : from === 'end' ? (backwards ? count - 1 : count) : from;
  return backwards ? Math.min(asked, count - 1) : Math.max(asked, firstVisible);
}
