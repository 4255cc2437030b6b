import type { CivilDate, Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { dateInput } from '../date-input.js';
import type { CommandOnFamily } from '../family/family-commands.js';
import { familyIdSchema } from '../family/family-id.js';
import { textOrNone } from '../personal-text.js';

const FAMILY = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

const args = z.strictObject({
  familyId: familyIdSchema,
  period: dateInput().describe('Any day of the period'),
  reason: textOrNone(200).optional().describe('For those who read the history'),
});
const answer = z.object({ period: z.iso.date().describe('First day of the period') });

export const closePeriod = defineCommand({
  name: 'closePeriod',
  summary: 'Closes the oldest open period once it has ended, and hands its surplus or deficit on; for managers.',
  args,
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE', 'PLAN_MISSING'],
  example: { familyId: FAMILY, period: '2026-04-01', reason: 'All receipts are in' },
});

export const reopenPeriod = defineCommand({
  name: 'reopenPeriod',
  summary: 'Opens the period that was closed last, so that its entries can be changed again; for managers.',
  args,
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN', 'BEFORE_BUDGET_START', 'DATE_OUT_OF_RANGE'],
  example: { familyId: FAMILY, period: '2026-04-01', reason: 'A receipt was found' },
});

export interface ClosePeriod extends CommandOnFamily {
  readonly type: 'closePeriod';
  readonly period: CivilDate;
  readonly reason: Sealed | null;
}

export interface ReopenPeriod extends CommandOnFamily {
  readonly type: 'reopenPeriod';
  readonly period: CivilDate;
  readonly reason: Sealed | null;
}
