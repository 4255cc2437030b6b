import { auditRow, nextPlace, understandStored, type IncomingEvent, type Place, type Understood } from '../audit.js';
import type { ProjectionGroup } from '../projection.js';
import type { Checkpoint } from './checkpoint.js';

export interface UnderstoodDelivery {
  /** Those in the buckets of this lane. */
  readonly mine: readonly Understood[];
  readonly to: Checkpoint;
}

/** Counts every event of the group, whoever's bucket it is in: so all processes give an event the same number. */
export function understandDelivery(
  group: ProjectionGroup,
  events: readonly IncomingEvent[],
  at: Checkpoint,
  position: bigint,
  owns: (bucket: number) => boolean,
): UnderstoodDelivery {
  const mine: Understood[] = [];
  let place: Place = at;
  let last = at.last;
  for (const incoming of events) {
    const { event, bucket } = incoming;
    place = nextPlace(place, event);
    last = { id: event.id, position: event.position };
    if (owns(bucket)) mine.push(understandStored(group, auditRow(incoming, place), event.data, event.metadata));
  }
  return { mine, to: { seq: place.seq, recordedAt: place.recordedAt, last, position } };
}
