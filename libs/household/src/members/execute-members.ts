import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getUserFamilyContext } from './contracts.js';

/** What travels over the query bus for this read model. */
export class ExecuteMembers {
  constructor(
    readonly args: z.output<typeof getUserFamilyContext.args>,
    readonly context: QueryContext,
  ) {}
}

export const membersQueries = [
  queryRoute(getUserFamilyContext, (args, context) => new ExecuteMembers(args, context)),
];
