import type { QueryAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { ExecuteMembers } from './execute-members.js';
import { MembersQueries } from './queries.js';

@QueryHandler(ExecuteMembers)
export class MembersHandler implements IQueryHandler<ExecuteMembers, QueryAnswer> {
  private readonly queries: MembersQueries;

  constructor(@Inject(HOUSEHOLD_PARTS) { readModels }: HouseholdParts) {
    this.queries = new MembersQueries(readModels());
  }

  execute({ args, context }: ExecuteMembers): Promise<QueryAnswer> {
    return this.queries.getUserFamilyContext(args, context);
  }
}
