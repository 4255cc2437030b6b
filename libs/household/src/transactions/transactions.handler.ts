import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecuteTransactions } from './execute-transactions.js';
import { TransactionsQueries } from './queries.js';

@QueryHandler(ExecuteTransactions)
export class TransactionsHandler implements IQueryHandler<ExecuteTransactions, QueryAnswer> {
  private readonly queries: TransactionsQueries;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels, sealer, clock }: HouseholdParts) {
    this.queries = new TransactionsQueries(readModels(), sealer, clock);
  }

  execute({ question, context }: ExecuteTransactions): Promise<QueryAnswer> {
    switch (question.name) {
      case 'getFamilyTransactions':
        return this.queries.getFamilyTransactions(question.args, context);
      case 'getDailyTransactions':
        return this.queries.getDailyTransactions(question.args, context);
      case 'getTransaction':
        return this.queries.getTransaction(question.args, context);
      default:
        throw new Error(`transactions does not answer ${JSON.stringify(question satisfies never)}`);
    }
  }
}
