import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecuteFamilies } from './execute-families.js';
import { FamiliesQueries } from './queries.js';

@QueryHandler(ExecuteFamilies)
export class FamiliesHandler implements IQueryHandler<ExecuteFamilies, QueryAnswer> {
  private readonly queries: FamiliesQueries;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels, sealer, clock }: HouseholdParts) {
    this.queries = new FamiliesQueries(readModels(), sealer, clock);
  }

  execute({ question, context }: ExecuteFamilies): Promise<QueryAnswer> {
    switch (question.name) {
      case 'getFamilyDetails':
        return this.queries.getFamilyDetails(question.args, context);
      case 'getCategories':
        return this.queries.getCategories(question.args, context);
      default:
        throw new Error(`families does not answer ${JSON.stringify(question satisfies never)}`);
    }
  }
}
