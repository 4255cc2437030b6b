import { isUuid, type CivilDate, type Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { amountInput, type AmountText } from '../amount-input.js';
import { CATEGORY_KINDS, INCOME_KINDS, isCategoryKind, TRANSACTION_TYPES, type IncomeKind, type TransactionType } from '../budget/policies.js';
import { dateOrTodayInput } from '../date-input.js';
import { familyIdSchema, uuidInput } from '../family/family-id.js';
import { textOrNone } from '../personal-text.js';

const DESCRIPTION_LENGTH = 500;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}$/u;

const amount = amountInput({ mustBePositive: true }).meta({ description: 'In the currency of the family' });
const category = z
  .string()
  .toLowerCase()
  .refine((text) => isCategoryKind(text) || isUuid(text), {
    message: `must be ${CATEGORY_KINDS.join(', ')} or the id of a category`,
    params: { code: 'invalid_category' },
  })
  .meta({ description: 'A kind, which means its default category, or the id of a category. Income has none: a kind is ignored there', examples: ['variable'] });
const date = dateOrTodayInput().optional().describe('The day it counts on; the family\'s today when left out');
const description = textOrNone(DESCRIPTION_LENGTH).describe('What it was for');
const type = z.enum(TRANSACTION_TYPES);
const incomeKind = z.enum(INCOME_KINDS).describe('Whether the plan counts on this income already; for income alone');
const paidBy = z.string().max(200).describe('A member of the family');
const lateEntry = z
  .enum(['adjustCurrent'])
  .optional()
  .describe('Takes a date in a closed period; what it changes counts in the first open one');
const expectedVersion = z.int().min(1).describe('The version the change was made on');
const transactionId = uuidInput('Id of the transaction');
const clientId = z
  .string()
  .refine((text) => PRINTABLE.test(text), { message: 'must have 1 to 128 printable characters', params: { code: 'invalid_client_id' } })
  .optional()
  .meta({ maxLength: 128, description: 'Names this transaction in the family for ever, so that it is recorded once; the commandId when left out' });

const recorded = z.object({
  transactionId: z.uuid(),
  version: z.int(),
  date: z.iso.date().describe('The day it counts on'),
});
const changed = z.object({ transactionId: z.uuid(), version: z.int() });

/** One story through all examples: what createTransaction records is amended, then voided. */
const example = { familyId: '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11', transactionId: '019d4657-0000-8dc7-a7e0-4173ed046e3c' };

export const createTransaction = defineCommand({
  name: 'createTransaction',
  summary: 'Records an expense, an income or a refund.',
  args: z.strictObject({
    familyId: familyIdSchema,
    amount,
    type,
    category: category.optional(),
    date,
    description: description.optional(),
    clientId,
    incomeKind: incomeKind.optional(),
    paidBy: paidBy.optional(),
    lateEntry,
    userId: z.string().optional().describe('May be left out; must be the caller'),
    userName: z.string().optional().describe('Ignored: the caller is known'),
  }),
  answer: recorded,
  refusals: [
    'NOT_FOUND', 'ACTOR_MISMATCH', 'USER_UNKNOWN', 'AMOUNT_PRECISION', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE',
    'CATEGORY_ARCHIVED', 'PERIOD_CLOSED',
  ],
  example: {
    familyId: example.familyId, amount: '12.50', type: 'expense', category: 'variable', date: '2026-04-01', clientId: 'c-1',
    description: 'Bread and milk',
  },
});

export const recordRefund = defineCommand({
  name: 'recordRefund',
  summary: 'Records money that came back; it counts on its own date.',
  args: z.strictObject({
    familyId: familyIdSchema,
    amount,
    category: category.optional().describe('Left out, it is that of the original expense'),
    originalTransactionId: uuidInput('The expense that was given back, in whole or in part').optional(),
    date,
    description: description.optional(),
    clientId,
    paidBy: paidBy.optional(),
    lateEntry,
  }),
  answer: recorded,
  refusals: [
    'NOT_FOUND', 'USER_UNKNOWN', 'AMOUNT_PRECISION', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE', 'CATEGORY_ARCHIVED',
    'PERIOD_CLOSED',
  ],
  example: { familyId: example.familyId, amount: '4.00', category: 'variable', description: 'Deposit on bottles' },
});

const changes = {
  amount: amount.optional(),
  category: category.optional(),
  date,
  description: description.nullable().optional().describe('null takes it away'),
  type: type.optional(),
  incomeKind: incomeKind.optional(),
  paidBy: paidBy.optional(),
};

export const amendTransaction = defineCommand({
  name: 'amendTransaction',
  summary: 'Corrects a transaction; what is left out stays as it is.',
  args: z
    .strictObject({ familyId: familyIdSchema, transactionId, expectedVersion, ...changes, lateEntry })
    .refine((args) => Object.keys(changes).some((name) => args[name as keyof typeof changes] !== undefined), {
      message: `Name at least one field to change: ${Object.keys(changes).join(', ')}`,
      params: { code: 'nothing_to_change' },
    }),
  answer: changed,
  refusals: [
    'NOT_FOUND', 'USER_UNKNOWN', 'VERSION_CONFLICT', 'AMOUNT_PRECISION', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE',
    'CATEGORY_ARCHIVED', 'PERIOD_CLOSED',
  ],
  example: { ...example, expectedVersion: 1, amount: '13.00' },
});

export const voidTransaction = defineCommand({
  name: 'voidTransaction',
  summary: 'Takes a transaction out of all sums; its history stays.',
  args: z.strictObject({
    familyId: familyIdSchema,
    transactionId,
    expectedVersion,
    reason: textOrNone(DESCRIPTION_LENGTH).optional().describe('Why, for whoever reads the history'),
    lateEntry,
  }),
  answer: changed,
  refusals: ['NOT_FOUND', 'USER_UNKNOWN', 'VERSION_CONFLICT', 'PERIOD_CLOSED'],
  example: { ...example, expectedVersion: 2, reason: 'Entered twice' },
});

/** What people say about a transaction; null where they leave it to Daybook. */
export interface Entry {
  readonly type: TransactionType;
  readonly date: CivilDate;
  readonly amount: AmountText;
  /** A kind or the id of a category. */
  readonly category: string | null;
  readonly incomeKind: IncomeKind | null;
  readonly paidBy: string | null;
  readonly description: Sealed | null;
  readonly originalTransactionId: string | null;
}

interface LedgerCommandBase {
  readonly familyId: string;
  /** The acting user. */
  readonly actor: string;
  /** `lateEntry=adjustCurrent`. */
  readonly acceptsClosedPeriod: boolean;
}

/** What the decider sees: ids are known and personal text is sealed before a decision is made. */
export interface CreateTransaction extends LedgerCommandBase {
  readonly type: 'createTransaction';
  readonly clientId: string;
  /** A date that was left out is the family's today, and differs when the command is sent again. */
  readonly isDateGiven: boolean;
  readonly entry: Entry;
}

export interface AmendTransaction extends LedgerCommandBase {
  readonly type: 'amendTransaction';
  readonly transactionId: string;
  readonly expectedVersion: number;
  readonly changes: Partial<Omit<Entry, 'originalTransactionId'>>;
}

export interface VoidTransaction extends LedgerCommandBase {
  readonly type: 'voidTransaction';
  readonly transactionId: string;
  readonly expectedVersion: number;
  readonly reason: Sealed | null;
}

/** A refund is created like any other transaction. */
export type LedgerCommand = CreateTransaction | AmendTransaction | VoidTransaction;
