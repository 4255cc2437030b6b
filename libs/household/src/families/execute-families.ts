import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getFamilyDetails } from './contracts.js';

/** What travels over the query bus for this read model. */
export class ExecuteFamilies {
  constructor(
    readonly args: z.output<typeof getFamilyDetails.args>,
    readonly context: QueryContext,
  ) {}
}

export const familiesQueries = [
  queryRoute(getFamilyDetails, (args, context) => new ExecuteFamilies(args, context)),
];
