import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { calculateDailyBudget, explainDailyBudget, getMonthlyBudgetOverview, getPeriods } from './contracts.js';

type Question =
  | { readonly name: 'calculateDailyBudget'; readonly args: z.output<typeof calculateDailyBudget.args> }
  | { readonly name: 'explainDailyBudget'; readonly args: z.output<typeof explainDailyBudget.args> }
  | { readonly name: 'getMonthlyBudgetOverview'; readonly args: z.output<typeof getMonthlyBudgetOverview.args> }
  | { readonly name: 'getPeriods'; readonly args: z.output<typeof getPeriods.args> };

/** What travels over the query bus for the numbers of a budget. */
export class ExecuteBudgetAnswers {
  constructor(
    readonly question: Question,
    readonly context: QueryContext,
  ) {}
}

const execute = (question: Question, context: QueryContext) => new ExecuteBudgetAnswers(question, context);

export const budgetAnswersQueries = [
  queryRoute(calculateDailyBudget, (args, context) => execute({ name: 'calculateDailyBudget', args }, context)),
  queryRoute(explainDailyBudget, (args, context) => execute({ name: 'explainDailyBudget', args }, context)),
  queryRoute(getMonthlyBudgetOverview, (args, context) => execute({ name: 'getMonthlyBudgetOverview', args }, context)),
  queryRoute(getPeriods, (args, context) => execute({ name: 'getPeriods', args }, context)),
];
