import { isUuid } from '@daybook/kernel';
import { defineQuery, intInput, pageArgs } from '@daybook/platform';
import { z } from 'zod';
import { LINE_KINDS, TRANSACTION_TYPES } from '../budget/policies.js';
import { dateInput, dateOrTodayInput } from '../date-input.js';
import { familyIdSchema, uuidInput } from '../family/family-id.js';
import { shownTransactionSchema, type ShownTransaction } from '../shown-transaction.js';

const DAY_LIMIT = 200;
export const LISTED_STATUSES = ['live', 'voided', 'all'] as const;

const listed = shownTransactionSchema.extend({ recordedAt: z.string() });
export type ListedTransaction = ShownTransaction & { recordedAt: string };

const category = z
  .string()
  .toLowerCase()
  .refine((text) => LINE_KINDS.some((kind) => kind === text) || isUuid(text), {
    message: `must be ${LINE_KINDS.join(', ')} or the id of a category`,
    params: { code: 'invalid_category' },
  })
  .meta({ description: 'A kind with all its categories, or the id of one category', examples: ['variable'] });

const example = { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11' };

export const getFamilyTransactions = defineQuery({
  name: 'getFamilyTransactions',
  summary: 'What the family earned and spent, newest first, a page at a time.',
  args: z.strictObject({
    familyId: familyIdSchema,
    ...pageArgs,
    startDate: dateInput().optional().describe('The first day to be listed'),
    endDate: dateInput().optional().describe('The last day to be listed'),
    category: category.optional(),
    type: z.enum(TRANSACTION_TYPES).optional().describe('Only those of this type'),
    status: z.enum(LISTED_STATUSES).default('live').describe('Live ones, voided ones, or all'),
  }),
  answer: z.object({ transactions: z.array(listed) }),
  refusals: ['NOT_FOUND', 'CURSOR_INVALID'],
  example: { ...example, startDate: '2026-04-01', endDate: '2026-04-30', category: 'variable' },
});

export const getDailyTransactions = defineQuery({
  name: 'getDailyTransactions',
  summary: 'What counts on one day, in the order it was recorded, the last first.',
  args: z.strictObject({
    familyId: familyIdSchema,
    ...pageArgs,
    limit: intInput(1, DAY_LIMIT).default(DAY_LIMIT).meta({ description: 'How many at most', default: DAY_LIMIT }),
    date: dateOrTodayInput().optional().describe('The day; the family\'s today when left out'),
  }),
  answer: z.object({ date: z.iso.date(), transactions: z.array(listed) }),
  refusals: ['NOT_FOUND', 'CURSOR_INVALID'],
  example: { ...example, date: 'today' },
});

export const getTransaction = defineQuery({
  name: 'getTransaction',
  summary: 'One transaction as it is now, also when it was voided.',
  args: z.strictObject({ familyId: familyIdSchema, transactionId: uuidInput('Id of the transaction') }),
  answer: listed,
  refusals: ['NOT_FOUND'],
  example: { ...example, transactionId: '019d4657-0000-8dc7-a7e0-4173ed046e3c' },
});
