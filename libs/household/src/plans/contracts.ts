import { defineQuery } from '@daybook/platform';
import { z } from 'zod';
import { dateInput } from '../date-input.js';
import { familyIdSchema } from '../family/family-id.js';
import { shownPlanSchema } from '../shown-plan.js';

export const getBudgetPlan = defineQuery({
  name: 'getBudgetPlan',
  summary: 'The plan that counts for a period: the last one set for it or for an earlier one.',
  args: z.strictObject({
    familyId: familyIdSchema,
    period: dateInput().optional().describe('Any day of the period; the running period when left out'),
  }),
  answer: shownPlanSchema.extend({
    period: z.iso.date(),
    periodEnd: z.iso.date(),
    currency: z.string(),
    /** How many plans the family has set: goes back as expectedVersion. */
    version: z.int(),
    setAt: z.string(),
    setBy: z.string(),
  }),
  refusals: ['NOT_FOUND', 'PLAN_MISSING', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11', period: '2026-04-01' },
});
