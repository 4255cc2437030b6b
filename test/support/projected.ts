import type { JsonValue } from '@daybook/eventsourcing';
import { foldHistory, parseSpaceKey, type ProjectedEvent, type Projection, type Row } from '@daybook/projections';
import type { HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import { HOME } from './budget-events.js';

/** Read models as they are tested: `project(plans).given(...events).rows()`, without a database, by the live folds. */
export function project<Document extends JsonValue, Event extends ProjectedEvent>(projection: Projection<Document, Event>) {
  const after = (events: readonly ProjectedEvent[]) => {
    const folded = foldHistory([projection], events);
    return {
      rows: (): readonly Row[] => folded.rows(projection),
      document: (key: string): Document | null => folded.document(projection, key),
      /** More events, on a later day. */
      on: (day: string, ...more: readonly HouseholdEvent[]) => after([...events, ...projected(more, events.length, day)]),
    };
  };
  return { given: (...events: readonly HouseholdEvent[]) => after(projected(events, 0, '2026-04-01')) };
}

/** By ada, a second an event. */
function projected(events: readonly HouseholdEvent[], first: number, on: string): ProjectedEvent[] {
  return events.map(({ type, data }, index) => ({
    type,
    data,
    id: `event ${first + index}`,
    stream: `family-${HOME}`,
    revision: first + index,
    position: (first + index).toString(16).padStart(16, '0'),
    seq: first + index + 1,
    space: parseSpaceKey(`family:${HOME}`),
    actor: 'ada',
    commandId: 'command',
    recordedAt: `${on}T10:00:${String(first + index).padStart(2, '0')}.000Z`,
    on,
    metadata: {},
  }));
}
