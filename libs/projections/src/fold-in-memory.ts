import type { RecordedEvent } from '@daybook/eventsourcing';
import { auditRow, BEFORE_ALL, nextPlace, understandStored, type IncomingEvent, type Place } from './audit.js';
import { GroupBatch, NOTHING_COMMITTED } from './batch.js';
import type { ProjectionGroup } from './projection.js';
import { bucketOf, spaceKey } from './space.js';

/**
 * What the read models of a group are after a history, without a database: a rebuild writes it by COPY, a test compares
 * it with what the live engine wrote. Events come in log order, those of other groups left out.
 */
export function foldInMemory(group: ProjectionGroup, events: Iterable<RecordedEvent>): GroupBatch {
  const batch = new GroupBatch(group, NOTHING_COMMITTED);
  const incomingOf = incomingEvents(group);
  let place: Place = BEFORE_ALL;
  for (const event of events) {
    place = nextPlace(place, event);
    batch.add(understandStored(group, auditRow(incomingOf(event), place), event.data, event.metadata));
  }
  return batch;
}

/** The log has an event this program does not know, or in a stream it cannot place: nobody may guess what it means. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

export function incomingEvents(group: ProjectionGroup): (event: RecordedEvent) => IncomingEvent {
  const known = new Set(group.eventTypes);
  return (event) => {
    if (!known.has(event.type)) {
      throw new UnknownEventError(`${event.type} at ${event.position} in ${event.stream} is unknown to ${group.name}`);
    }
    const space = spaceOf(group, event);
    return {
      event,
      space,
      bucket: bucketOf(space),
      data: JSON.stringify(event.data),
      metadata: JSON.stringify(event.metadata),
    };
  };
}

function spaceOf(group: ProjectionGroup, event: RecordedEvent): string {
  try {
    return spaceKey(group.spaceOf(event.stream));
  } catch (cause) {
    throw new UnknownEventError(`${event.stream} at ${event.position} belongs to no space of ${group.name}`, { cause });
  }
}
