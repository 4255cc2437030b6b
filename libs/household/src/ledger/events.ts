/*
 * STORAGE CONTRACT. These names and shapes are in every log ever written. A field may be added as optional inside a
 * version; anything else is a new version with an upcaster. Examples of each version are kept in ./golden.
 */
import { defineEvents, type EventOf } from '@daybook/eventsourcing';
import { z } from 'zod';
import { INCOME_KINDS, LINE_KINDS, TIMINGS, TRANSACTION_TYPES } from '../budget/policies.js';
import { sealedSchema } from '../sealed-schema.js';
import { storedAmount, storedCurrency, storedDate } from '../stored-values.js';

const transactionId = z.uuid();
const version = z.int().min(1);

/** `money` as it was paid, `base` the same in the family's currency, in minor units: what every sum adds up. */
const money = z.strictObject({ amountMinor: storedAmount, currency: storedCurrency });
const line = z.strictObject({
  lineId: z.int().min(0),
  /** Null for income. */
  categoryId: z.uuid().nullable(),
  kind: z.enum(LINE_KINDS),
  money,
  base: storedAmount,
});

/** The whole of what people can say about a transaction, so that one event alone tells before from after. */
const content = z.strictObject({
  type: z.enum(TRANSACTION_TYPES),
  date: storedDate,
  timing: z.enum(TIMINGS),
  /** For income alone. */
  incomeKind: z.enum(INCOME_KINDS).nullable(),
  money,
  base: storedAmount,
  lines: z.array(line).min(1),
  description: sealedSchema.nullable(),
  paidBy: z.string().min(1),
  originalTransactionId: z.uuid().nullable(),
});

export const ledgerDefinitions = {
  TransactionRecorded: {
    version: 1,
    schema: z.strictObject({
      transactionId,
      clientId: z.string().min(1),
      /** The member whose entry it is, whoever or whatever sent the command; decides who else may change it. */
      recordedBy: z.string().min(1),
      ...content.shape,
    }),
  },
  TransactionAmended: {
    version: 1,
    schema: z.strictObject({ transactionId, fromVersion: version, before: content, after: content }),
  },
  TransactionVoided: {
    version: 1,
    schema: z.strictObject({ transactionId, fromVersion: version, before: content, reason: sealedSchema.nullable() }),
  },
} as const;

export const ledgerEvents = defineEvents(ledgerDefinitions);

export type TransactionContent = z.infer<typeof content>;
export type TransactionLine = TransactionContent['lines'][number];
export type LedgerEvent = EventOf<typeof ledgerEvents>;
