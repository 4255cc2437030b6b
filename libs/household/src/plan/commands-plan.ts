import type { CivilDate, Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { amountInput, type AmountText } from '../amount-input.js';
import { dateInput } from '../date-input.js';
import type { CommandOnFamily } from '../family/family-commands.js';
import { familyIdSchema, uuidInput } from '../family/family-id.js';
import { personalText } from '../personal-text.js';

const MAX_FIXED_ITEMS = 50;

const planned = amountInput().describe('Planned for each period');
const fixedItem = z
  .strictObject({
    categoryId: uuidInput('A category of kind fixed').optional(),
    name: personalText(80).optional().describe('Makes a new category of kind fixed; use its categoryId from then on'),
    planned,
  })
  .refine(({ categoryId, name }) => (categoryId === undefined) !== (name === undefined), {
    message: 'Give either a categoryId or a name',
    params: { code: 'either_or' },
  });

export const setBudgetPlan = defineCommand({
  name: 'setBudgetPlan',
  summary: 'Sets what a period and all later ones are planned with, up to the next plan; for managers.',
  args: z.strictObject({
    familyId: familyIdSchema,
    period: dateInput().optional().describe('Any day of the first period it counts for; the running period when left out'),
    monthlyIncome: amountInput().describe('Planned for each period'),
    fixedExpenses: amountInput().describe('Rent and the like, all together; what the items of `fixed` leave has no name'),
    fixed: z.array(fixedItem).max(MAX_FIXED_ITEMS).default([]).describe('The fixed expenses that are followed one by one'),
    savingsGoal: amountInput().describe('To be put aside in each period'),
    expectedVersion: z.int().min(0).optional().describe('The version of the plan this one was made from; another one is a conflict'),
  }),
  answer: z.object({
    version: z.int().describe('For the next expectedVersion'),
    period: z.iso.date().describe('First day of the first period it counts for'),
    categoryIds: z.array(z.uuid()).describe('Of the categories that were made, in the order of their names'),
  }),
  refusals: [
    'NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN', 'AMOUNT_PRECISION', 'CATEGORY_ARCHIVED', 'PERIOD_CLOSED', 'BEFORE_BUDGET_START',
    'DATE_OUT_OF_RANGE', 'VERSION_CONFLICT',
  ],
  example: {
    familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11',
    period: '2026-04-01',
    monthlyIncome: '5000.00',
    fixedExpenses: '2000.00',
    fixed: [{ name: 'Rent', planned: '1500.00' }],
    savingsGoal: '400.00',
  },
});

export const settleFixedItem = defineCommand({
  name: 'settleFixedItem',
  summary: 'Says that nothing more will come for a fixed item in a period: what it was planned with and did not cost is free.',
  args: z.strictObject({
    familyId: familyIdSchema,
    categoryId: uuidInput('The fixed item: a category of kind fixed'),
    period: dateInput().describe('Any day of the period'),
  }),
  answer: z.object({ categoryId: z.uuid(), period: z.iso.date().describe('First day of the period') }),
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN', 'PERIOD_CLOSED', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE'],
  example: {
    familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11',
    categoryId: '2fe3b004-9430-58a2-a09b-28855e9b073f',
    period: '2026-04-01',
  },
});

export interface SetBudgetPlan extends CommandOnFamily {
  readonly type: 'setBudgetPlan';
  /** Null: the running one. */
  readonly period: CivilDate | null;
  readonly monthlyIncome: AmountText;
  readonly fixedExpenses: AmountText;
  readonly fixed: readonly FixedItem[];
  readonly savingsGoal: AmountText;
  readonly expectedVersion: number | null;
}

export interface FixedItem {
  readonly categoryId: string;
  /** Of a category that is to be made under this id; null for one that is there. */
  readonly name: Sealed | null;
  readonly planned: AmountText;
}

export interface SettleFixedItem extends CommandOnFamily {
  readonly type: 'settleFixedItem';
  readonly categoryId: string;
  readonly period: CivilDate;
}
