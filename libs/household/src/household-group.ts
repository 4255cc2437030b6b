import type { ProjectionGroup } from '@daybook/projections';
import { families } from './families/index.js';
import { householdEvents } from './family/family-events.js';
import { HOUSEHOLD_STREAM_PREFIXES, spaceOfStream } from './family/family-stream.js';
import { members } from './members/index.js';

/** All read models of the household: one reader, one transaction, one version counter a family. */
export const householdGroup: ProjectionGroup = {
  name: 'household',
  streamPrefixes: HOUSEHOLD_STREAM_PREFIXES,
  eventTypes: householdEvents.storedTypes,
  spaceOf: spaceOfStream,
  upcast: (stored) => householdEvents.decode(stored),
  projections: [families, members],
};
