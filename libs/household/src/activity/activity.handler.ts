import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecuteActivity } from './execute-activity.js';
import { ActivityQueries } from './queries.js';

@QueryHandler(ExecuteActivity)
export class ActivityHandler implements IQueryHandler<ExecuteActivity, QueryAnswer> {
  private readonly queries: ActivityQueries;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels, sealer, clock, logIdentity }: HouseholdParts) {
    this.queries = new ActivityQueries(readModels(), sealer, clock, logIdentity);
  }

  execute({ args, context }: ExecuteActivity): Promise<QueryAnswer> {
    return this.queries.getFamilyActivity(args, context);
  }
}
