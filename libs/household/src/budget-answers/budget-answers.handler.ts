import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecuteBudgetAnswers } from './execute-budget-answers.js';
import { BudgetAnswers } from './queries.js';

@QueryHandler(ExecuteBudgetAnswers)
export class BudgetAnswersHandler implements IQueryHandler<ExecuteBudgetAnswers, QueryAnswer> {
  private readonly answers: BudgetAnswers;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels, clock, logIdentity }: HouseholdParts) {
    this.answers = new BudgetAnswers({ readModels: readModels(), clock, logIdentity });
  }

  execute({ question, context }: ExecuteBudgetAnswers): Promise<QueryAnswer> {
    switch (question.name) {
      case 'calculateDailyBudget':
        return this.answers.calculateDailyBudget(question.args, context);
      case 'explainDailyBudget':
        return this.answers.explainDailyBudget(question.args, context);
      case 'getMonthlyBudgetOverview':
        return this.answers.getMonthlyBudgetOverview(question.args, context);
      case 'getPeriods':
        return this.answers.getPeriods(question.args, context);
      default:
        throw new Error(`nobody answers ${JSON.stringify(question satisfies never)}`);
    }
  }
}
