import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getFamilyActivity } from './contracts.js';

/** What travels over the query bus for this read model. */
export class ExecuteActivity {
  constructor(
    readonly args: z.output<typeof getFamilyActivity.args>,
    readonly context: QueryContext,
  ) {}
}

export const activityQueries = [queryRoute(getFamilyActivity, (args, context) => new ExecuteActivity(args, context))];
