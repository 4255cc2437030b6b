import { defineQuery } from '@daybook/platform';
import { z } from 'zod';
import { familyIdSchema } from '../membership/commands.js';
import { roleSchema } from '../membership/roles.js';

export const getFamilyDetails = defineQuery({
  name: 'getFamilyDetails',
  summary: 'A family as its members see it: name, money, zone, today, and who belongs to it.',
  args: z.strictObject({ familyId: familyIdSchema }),
  answer: z.object({
    familyId: z.uuid(),
    name: z.string(),
    currency: z.string(),
    currencyDigits: z.int(),
    timeZone: z.string(),
    today: z.iso.date(),
    role: roleSchema,
    version: z.int(),
    members: z.array(z.object({ userId: z.string(), role: roleSchema, joinedAt: z.string() })),
  }),
  refusals: ['NOT_FOUND'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11' },
});
