import { defineQuery, pageArgs } from '@daybook/platform';
import { z } from 'zod';
import {
  CARRY_MODES,
  CATEGORY_KINDS,
  END_POLICIES,
  INCOME_KINDS,
  LINE_KINDS,
  TIMINGS,
  TRANSACTION_TYPES,
} from '../budget/policies.js';
import { familyIdSchema } from '../family/family-id.js';
import { roleSchema } from '../membership/roles.js';
import { shownPlanSchema } from '../shown-plan.js';
import { sinceInput } from './since.js';

const categoryId = z.uuid();
const transactionId = z.uuid();
const period = z.iso.date();
const startDay = z.int();
const endPolicy = z.enum(END_POLICIES);
const timeZone = z.string();
const version = z.int();

const changed = <Value extends z.ZodType>(value: Value) => z.object({ before: value, after: value });
const changedFrom = <Value extends z.ZodType>(value: Value) => changed(value).extend({ from: z.iso.date() });

/** What people can say about a transaction. */
const content = z.object({
  type: z.enum(TRANSACTION_TYPES),
  date: z.iso.date(),
  timing: z.enum(TIMINGS),
  amount: z.string(),
  currency: z.string(),
  category: z.enum(LINE_KINDS),
  categoryId: categoryId.nullable(),
  incomeKind: z.enum(INCOME_KINDS).optional(),
  description: z.string().nullable(),
  paidBy: z.string(),
  originalTransactionId: transactionId.optional(),
});

const entry = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({
    position: z.string(),
    at: z.string(),
    /** The family's day then. */
    on: z.iso.date(),
    actor: z.string(),
    type: z.literal(type),
    ...shape,
  });

const entrySchema = z.discriminatedUnion('type', [
  entry('familyCreated', {
    name: z.string(),
    currency: z.string(),
    timeZone,
    budgetStartDate: period,
    startDay,
    carryMode: z.enum(CARRY_MODES),
    endPolicy,
  }),
  entry('memberJoined', { userId: z.string(), role: roleSchema }),
  entry('familySettingsChanged', {
    name: changed(z.string()).optional(),
    timeZone: changedFrom(timeZone).optional(),
    startDay: changedFrom(startDay).optional(),
    endPolicy: changed(endPolicy).optional(),
  }),
  entry('budgetPlanSet', { version, plan: shownPlanSchema }),
  entry('categoryAdded', { categoryId, kind: z.enum(CATEGORY_KINDS), name: z.string() }),
  entry('categoryRenamed', { categoryId, before: z.string(), after: z.string() }),
  entry('categoryArchived', { categoryId }),
  entry('categoryRestored', { categoryId }),
  entry('fixedItemSettled', { categoryId, period }),
  entry('periodClosed', {
    period,
    endPolicy,
    reason: z.string().nullable(),
    /** What the person who closed it saw. */
    shown: z.object({ pool: z.string(), spent: z.string(), surplus: z.string() }).nullable(),
  }),
  entry('periodReopened', { period, reason: z.string().nullable() }),
  entry('transactionRecorded', { transactionId, version, clientId: z.string(), recordedBy: z.string(), after: content }),
  entry('transactionAmended', { transactionId, version, before: content, after: content }),
  entry('transactionVoided', { transactionId, version, before: content, reason: z.string().nullable() }),
]);

/** As JSON has it: what is left out is not there, rather than undefined. */
type Shown<Value> = Value extends object ? { [Key in keyof Value]: Shown<Exclude<Value[Key], undefined>> } : Value;
export type ActivityEntry = Shown<z.input<typeof entrySchema>>;
export type ShownContent = Shown<z.input<typeof content>>;

export const getFamilyActivity = defineQuery({
  name: 'getFamilyActivity',
  summary: 'Everything that happened in a family, newest first or since some moment: who did what, before and after.',
  args: z.strictObject({
    familyId: familyIdSchema,
    limit: pageArgs.limit,
    cursor: pageArgs.cursor,
    order: z.enum(['desc', 'asc']).optional().describe('Newest first; with `since`, oldest first'),
    since: sinceInput().optional(),
  }),
  answer: z.object({ entries: z.array(entrySchema) }),
  refusals: ['NOT_FOUND', 'CURSOR_INVALID', 'POSITION_OTHER_LOG'],
  example: { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11', limit: 20 },
});
