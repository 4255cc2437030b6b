import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getBudgetPlan } from './contracts.js';

/** What travels over the query bus for this read model. */
export class ExecutePlans {
  constructor(
    readonly args: z.output<typeof getBudgetPlan.args>,
    readonly context: QueryContext,
  ) {}
}

export const plansQueries = [queryRoute(getBudgetPlan, (args, context) => new ExecutePlans(args, context))];
