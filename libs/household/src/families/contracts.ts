import { booleanInput, defineQuery } from '@daybook/platform';
import { z } from 'zod';
import { CARRY_MODES, CATEGORY_KINDS, END_POLICIES } from '../budget/policies.js';
import { familyIdSchema } from '../family/family-id.js';
import { roleSchema } from '../membership/roles.js';
import { shownPlanSchema } from '../shown-plan.js';

const categorySchema = z.object({
  categoryId: z.uuid(),
  kind: z.enum(CATEGORY_KINDS),
  name: z.string(),
  /** The one a bare kind means. */
  isDefault: z.boolean(),
  isArchived: z.boolean(),
});

export const getFamilyDetails = defineQuery({
  name: 'getFamilyDetails',
  summary: 'A family as its members see it: name, money, zone, today, who belongs to it, its categories and today\'s plan.',
  args: z.strictObject({ familyId: familyIdSchema }),
  answer: z.object({
    familyId: z.uuid(),
    name: z.string(),
    currency: z.string(),
    currencyDigits: z.int(),
    timeZone: z.string(),
    today: z.iso.date(),
    startDay: z.int(),
    budgetStartDate: z.iso.date(),
    carryMode: z.enum(CARRY_MODES),
    endPolicy: z.enum(END_POLICIES),
    role: roleSchema,
    version: z.int(),
    members: z.array(z.object({ userId: z.string(), role: roleSchema, joinedAt: z.string() })),
    categories: z.array(categorySchema),
    /** The one that counts today, in the period that holds today; `version` goes back as expectedVersion. */
    plan: shownPlanSchema.extend({ period: z.iso.date(), periodEnd: z.iso.date(), version: z.int() }).nullable(),
  }),
  refusals: ['NOT_FOUND'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11' },
});

export const getCategories = defineQuery({
  name: 'getCategories',
  summary: 'What a family can book its expenses under.',
  args: z.strictObject({
    familyId: familyIdSchema,
    kind: z.enum(CATEGORY_KINDS).optional().describe('Only those of this kind'),
    includeArchived: booleanInput().default(false).meta({ description: 'Also those that are archived', default: false }),
  }),
  answer: z.object({ categories: z.array(categorySchema) }),
  refusals: ['NOT_FOUND'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11' },
});
