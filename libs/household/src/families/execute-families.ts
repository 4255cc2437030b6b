import { queryRoute, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { getCategories, getFamilyDetails } from './contracts.js';

type FamiliesQuestion =
  | { readonly name: 'getFamilyDetails'; readonly args: z.output<typeof getFamilyDetails.args> }
  | { readonly name: 'getCategories'; readonly args: z.output<typeof getCategories.args> };

/** What travels over the query bus for this read model: one class around a closed union of questions. */
export class ExecuteFamilies {
  constructor(
    readonly question: FamiliesQuestion,
    readonly context: QueryContext,
  ) {}
}

export const familiesQueries = [
  queryRoute(getFamilyDetails, (args, context) => new ExecuteFamilies({ name: 'getFamilyDetails', args }, context)),
  queryRoute(getCategories, (args, context) => new ExecuteFamilies({ name: 'getCategories', args }, context)),
];
