import { defineQuery, pageArgs } from '@daybook/platform';
import { z } from 'zod';
import { dateOrTodayInput } from '../date-input.js';
import { familyIdSchema } from '../family/family-id.js';
import { asAtInput } from './as-at.js';
import { shownDaySchema } from './shown-day.js';
import { shownExplanationSchema } from './shown-explanation.js';
import { shownOverviewSchema, shownPeriodsSchema } from './shown-period.js';
import { oneWayToNameIt, periodArgs } from './which-period.js';

const moment = {
  familyId: familyIdSchema,
  asAt: asAtInput().optional().describe('For managers: the answer as it was known then, a position or an instant in UTC'),
};
const date = dateOrTodayInput().optional().describe('The day asked for; the family\'s today when left out');

const ofAnyMoment = ['NOT_FOUND', 'FORBIDDEN', 'DATE_OUT_OF_RANGE'] as const;
const ofAnyDay = [...ofAnyMoment, 'BEFORE_BUDGET_START', 'PLAN_MISSING'] as const;
const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

export const calculateDailyBudget = defineQuery({
  name: 'calculateDailyBudget',
  summary: 'What the family may spend on a day, what is left of it, and what is left of the period.',
  args: z.strictObject({ ...moment, date }),
  answer: shownDaySchema,
  refusals: ofAnyDay,
  example: { familyId, date: 'today' },
});

export const explainDailyBudget = defineQuery({
  name: 'explainDailyBudget',
  summary: 'The number of a day, line by line, with the events behind each line; the lines add up to it exactly.',
  args: z.strictObject({ ...moment, date }),
  answer: shownExplanationSchema,
  refusals: ofAnyDay,
  example: { familyId, date: 'today' },
});

export const getMonthlyBudgetOverview = defineQuery({
  name: 'getMonthlyBudgetOverview',
  summary: 'A whole period: where its money comes from, what was spent, and every day of it.',
  args: z.strictObject({ ...moment, ...periodArgs }).superRefine(oneWayToNameIt),
  answer: shownOverviewSchema,
  refusals: ofAnyDay,
  example: { familyId, year: 2026, month: 3 },
});

export const getPeriods = defineQuery({
  name: 'getPeriods',
  summary: 'The periods of a family\'s budget, with what each had, spent and handed on, newest first.',
  args: z.strictObject({ ...moment, ...pageArgs }),
  answer: shownPeriodsSchema,
  refusals: [...ofAnyMoment, 'CURSOR_INVALID'],
  example: { familyId, limit: 12 },
});
