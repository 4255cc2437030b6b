import type { ProjectionGroup } from '@daybook/projections';
import { families } from './families/index.js';
import { HOUSEHOLD_STREAM_PREFIXES, spaceOfStream } from './family/family-stream.js';
import { members } from './members/index.js';
import { membershipEvents } from './membership/index.js';

/** All read models of the household: one reader, one transaction, one version counter a family. */
export const householdGroup: ProjectionGroup = {
  name: 'household',
  streamPrefixes: HOUSEHOLD_STREAM_PREFIXES,
  eventTypes: membershipEvents.storedTypes,
  spaceOf: spaceOfStream,
  upcast: (stored) => membershipEvents.decode(stored),
  projections: [families, members],
};
