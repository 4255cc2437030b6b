/*
 * STORAGE CONTRACT. These names and shapes are in every log ever written. A field may be added as optional inside a
 * version; anything else is a new version with an upcaster. Examples of each version are kept in ./golden.
 */
import { defineEvents, type EventOf } from '@daybook/eventsourcing';
import { z } from 'zod';
import { CATEGORY_KINDS, END_POLICIES } from '../budget/policies.js';
import { sealedSchema } from '../sealed-schema.js';
import { storedAmount, storedDate, storedMinor } from '../stored-values.js';

const startDay = z.int().min(1).max(31);
const zone = z.string().min(1);
const endPolicy = z.enum(END_POLICIES);
const reason = sealedSchema.nullable();

export const planDefinitions = {
  /** Counts for its period, named by the period's first day, and for all later ones up to the next plan. */
  BudgetPlanSet: {
    version: 1,
    schema: z.strictObject({
      period: storedDate,
      income: storedAmount,
      /** Every category of kind fixed that is planned for, the default one with what the named ones leave. */
      fixed: z.array(z.strictObject({ categoryId: z.uuid(), planned: storedAmount })),
      savings: storedAmount,
      /** How many plans the family had set before. */
      fromVersion: z.int().min(0),
    }),
  },
  /** Without a name it is the default category of its kind. */
  CategoryAdded: {
    version: 1,
    schema: z.strictObject({ categoryId: z.uuid(), kind: z.enum(CATEGORY_KINDS), name: sealedSchema.nullable() }),
  },
  CategoryRenamed: {
    version: 1,
    schema: z.strictObject({ categoryId: z.uuid(), before: sealedSchema.nullable(), after: sealedSchema }),
  },
  CategoryArchived: { version: 1, schema: z.strictObject({ categoryId: z.uuid() }) },
  CategoryRestored: { version: 1, schema: z.strictObject({ categoryId: z.uuid() }) },
  FixedItemSettled: { version: 1, schema: z.strictObject({ period: storedDate, categoryId: z.uuid() }) },
  /** Only what changed. `from` is the first day the new value counts for. */
  FamilySettingsChanged: {
    version: 1,
    schema: z.strictObject({
      name: z.strictObject({ before: sealedSchema, after: sealedSchema }).optional(),
      timeZone: z.strictObject({ before: zone, after: zone, from: storedDate }).optional(),
      startDay: z.strictObject({ before: startDay, after: startDay, from: storedDate }).optional(),
      endPolicy: z.strictObject({ before: endPolicy, after: endPolicy }).optional(),
    }),
  },
  /** `shown` is what the person who closed it saw: for people, no fold reads it. Null when nobody could tell. */
  PeriodClosed: {
    version: 1,
    schema: z.strictObject({
      period: storedDate,
      endPolicy,
      reason,
      shown: z.strictObject({ pool: storedMinor, spent: storedMinor, surplus: storedMinor }).nullable(),
    }),
  },
  PeriodReopened: { version: 1, schema: z.strictObject({ period: storedDate, reason }) },
} as const;

export const planEvents = defineEvents(planDefinitions);

export type PlanEvent = EventOf<typeof planEvents>;
