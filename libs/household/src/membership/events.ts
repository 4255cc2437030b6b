/*
 * STORAGE CONTRACT. These names and shapes are in every log ever written. A field may be added as optional inside a
 * version; anything else is a new version with an upcaster. Examples of each version are kept in ./golden.
 */
import { defineEvents, type EventOf } from '@daybook/eventsourcing';
import { z } from 'zod';
import { sealedSchema } from '../sealed-schema.js';
import { roleSchema } from './roles.js';

export const membershipEvents = defineEvents({
  FamilyCreated: {
    version: 1,
    schema: z.strictObject({
      familyId: z.uuid(),
      name: sealedSchema,
      currency: z.string().length(3),
      timeZone: z.string().min(1),
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
});

export type MembershipEvent = EventOf<typeof membershipEvents>;
