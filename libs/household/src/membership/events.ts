/*
 * STORAGE CONTRACT. These names and shapes are in every log ever written. A field may be added as optional inside a
 * version; anything else is a new version with an upcaster. Golden copies of each version are in ./golden.
 */
import { z } from 'zod';
import { sealedSchema } from '../sealed-schema.js';
import { roleSchema } from './roles.js';

export const familyCreated = z.strictObject({
  familyId: z.uuid(),
  name: sealedSchema,
  currency: z.string().length(3),
  timeZone: z.string().min(1),
});

export const memberJoined = z.strictObject({
  userId: z.string().min(1),
  role: roleSchema,
  via: z.enum(['founding']),
});

export type MembershipEvent =
  | { readonly type: 'FamilyCreated'; readonly data: z.infer<typeof familyCreated> }
  | { readonly type: 'MemberJoined'; readonly data: z.infer<typeof memberJoined> };
