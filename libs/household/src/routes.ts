import type { CommandRoute, QueryRoute } from '@daybook/platform';
import { activityQueries } from './activity/index.js';
import { budgetAnswersQueries } from './budget-answers/index.js';
import { familiesQueries } from './families/index.js';
import { ledgerCommands } from './ledger/index.js';
import { membersQueries } from './members/index.js';
import { membershipCommands } from './membership/index.js';
import { planCommands } from './plan/index.js';
import { plansQueries } from './plans/index.js';
import { transactionsQueries } from './transactions/index.js';

/** Everything the household can be told and asked. */
export const householdCommands: readonly CommandRoute[] = [...membershipCommands, ...planCommands, ...ledgerCommands];
export const householdQueries: readonly QueryRoute[] = [
  ...familiesQueries,
  ...membersQueries,
  ...plansQueries,
  ...transactionsQueries,
  ...budgetAnswersQueries,
  ...activityQueries,
];
