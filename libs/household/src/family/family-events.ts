import { defineEvents, type EventOf } from '@daybook/eventsourcing';
import { ledgerDefinitions, membershipDefinitions, planDefinitions } from '../family-features.js';

/** All that stands in a family's own stream: who belongs to it, and what it plans. */
export const familyEvents = defineEvents({ ...membershipDefinitions, ...planDefinitions });
export type FamilyEvent = EventOf<typeof familyEvents>;

/** All a read model of the household may meet. */
export const householdEvents = defineEvents({ ...membershipDefinitions, ...planDefinitions, ...ledgerDefinitions });
export type HouseholdEvent = EventOf<typeof householdEvents>;
