import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecutePlans } from './execute-plans.js';
import { PlansQueries } from './queries.js';

@QueryHandler(ExecutePlans)
export class PlansHandler implements IQueryHandler<ExecutePlans, QueryAnswer> {
  private readonly queries: PlansQueries;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels, clock }: HouseholdParts) {
    this.queries = new PlansQueries(readModels(), clock);
  }

  execute({ args, context }: ExecutePlans): Promise<QueryAnswer> {
    return this.queries.getBudgetPlan(args, context);
  }
}
