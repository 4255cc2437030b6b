import type { ProjectionGroup } from '@daybook/projections';
import { activity } from './activity/index.js';
import { budgetPeriods, budgetPeriodsViews } from './budget-periods/index.js';
import { categories } from './categories/index.js';
import { dailyBudgets, dailyBudgetsViews } from './daily-budgets/index.js';
import { families } from './families/index.js';
import { householdEvents } from './family/family-events.js';
import { HOUSEHOLD_STREAM_PREFIXES, spaceOfStream } from './family/family-stream.js';
import { HOUSEHOLD_GROUP } from './group-name.js';
import { members } from './members/index.js';
import { plans } from './plans/index.js';
import { transactions } from './transactions/index.js';

/** All read models of the household: one reader, one transaction, one version counter a family. */
export const householdGroup: ProjectionGroup = {
  name: HOUSEHOLD_GROUP,
  streamPrefixes: HOUSEHOLD_STREAM_PREFIXES,
  eventTypes: householdEvents.storedTypes,
  spaceOf: spaceOfStream,
  upcast: (stored) => householdEvents.decode(stored),
  projections: [families, members, categories, plans, transactions, dailyBudgets, budgetPeriods, activity],
  views: [...budgetPeriodsViews, ...dailyBudgetsViews],
};
