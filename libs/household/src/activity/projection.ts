import type { JsonObject } from '@daybook/eventsourcing';
import type { ProjectedEvent, Projection } from '@daybook/projections';
import { householdEvents, type HouseholdEvent } from '../family/family-events.js';
import { activityTable } from './table.js';

type ActivityEvent = HouseholdEvent & ProjectedEvent;

/** A feed: one row an event, no document. */
export const activity: Projection<null, ActivityEvent> = {
  name: 'activity',
  version: 1,
  table: activityTable,
  handles: householdEvents.types as readonly HouseholdEvent['type'][],
  key: () => null,
  evolve: () => null,
  rows: (_before, _after, { space, seq, recordedAt, on, actor, type, data }) => [
    { op: 'put', row: { family_id: space.id, seq, at: recordedAt, on_date: on, actor, type, facts: data as JsonObject } },
  ],
};
