/*
 * STORAGE CONTRACT. These names and shapes are in every log ever written. A field may be added as optional inside a
 * version; anything else is a new version with an upcaster. Examples of each version are kept in ./golden.
 */
import { defineEvents, type EventOf } from '@daybook/eventsourcing';
import { z } from 'zod';
import { CARRY_MODES, END_POLICIES } from '../budget/policies.js';
import { sealedSchema } from '../sealed-schema.js';
import { storedCurrency, storedDate } from '../stored-values.js';
import { roleSchema } from './roles.js';

export const membershipDefinitions = {
  FamilyCreated: {
    version: 1,
    schema: z.strictObject({
      familyId: z.uuid(),
      name: sealedSchema,
      currency: storedCurrency,
      timeZone: z.string().min(1),
      /** First day of the first period. */
      budgetStartDate: storedDate,
      startDay: z.int().min(1).max(31),
      carryMode: z.enum(CARRY_MODES),
      endPolicy: z.enum(END_POLICIES),
    }),
  },
  MemberJoined: {
    version: 1,
    schema: z.strictObject({
      userId: z.string().min(1),
      role: roleSchema,
      via: z.enum(['founding']),
    }),
  },
} as const;

export const membershipEvents = defineEvents(membershipDefinitions);

export type MembershipEvent = EventOf<typeof membershipEvents>;
