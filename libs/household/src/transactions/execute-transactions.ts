import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getDailyTransactions, getFamilyTransactions, getTransaction } from './contracts.js';

type Question =
  | { readonly name: 'getFamilyTransactions'; readonly args: z.output<typeof getFamilyTransactions.args> }
  | { readonly name: 'getDailyTransactions'; readonly args: z.output<typeof getDailyTransactions.args> }
  | { readonly name: 'getTransaction'; readonly args: z.output<typeof getTransaction.args> };

/** What travels over the query bus for this read model. */
export class ExecuteTransactions {
  constructor(
    readonly question: Question,
    readonly context: QueryContext,
  ) {}
}

export const transactionsQueries = [
  queryRoute(getFamilyTransactions, (args, context) => new ExecuteTransactions({ name: 'getFamilyTransactions', args }, context)),
  queryRoute(getDailyTransactions, (args, context) => new ExecuteTransactions({ name: 'getDailyTransactions', args }, context)),
  queryRoute(getTransaction, (args, context) => new ExecuteTransactions({ name: 'getTransaction', args }, context)),
];
