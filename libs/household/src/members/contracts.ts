import { defineQuery } from '@daybook/platform';
import { z } from 'zod';
import { roleSchema } from '../membership/roles.js';

export const getUserFamilyContext = defineQuery({
  name: 'getUserFamilyContext',
  summary: 'The families the caller belongs to, and as what.',
  args: z.strictObject({ userId: z.string().optional().describe('May be left out; must be the caller') }),
  answer: z.object({
    userId: z.string(),
    memberships: z.array(z.object({ familyId: z.uuid(), role: roleSchema, joinedAt: z.string() })),
  }),
  refusals: ['ACTOR_MISMATCH'],
  example: {},
});
