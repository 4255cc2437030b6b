import type { Clock } from '@daybook/kernel';
import { freshness, type QueryAnswer, type QueryContext, type Sealer } from '@daybook/platform';
import type { ReadModels } from '@daybook/projections';
import type { z } from 'zod';
import { familyInSight } from './access.js';
import type { getCategories } from './contracts.js';
import { shownCategories, shownFamily } from './shown-family.js';

/** Answers what a family is, to its members; to everybody else there is no such family. */
export class FamiliesQueries {
  constructor(
    private readonly readModels: ReadModels<unknown>,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async getFamilyDetails({ familyId }: { familyId: string }, context: QueryContext): Promise<QueryAnswer> {
    const answer = await this.read(familyId, context);
    const { family, role } = answer.data;
    return { ...answer, data: await shownFamily(family, role, this.sealer, this.clock.now()) };
  }

  async getCategories(args: z.output<typeof getCategories.args>, context: QueryContext): Promise<QueryAnswer> {
    const { familyId, kind, includeArchived } = args;
    const answer = await this.read(familyId, context);
    const { family } = answer.data;
    const asked = family.categories.filter(
      (category) => (kind === undefined || category.kind === kind) && (includeArchived || !category.isArchived),
    );
    return { ...answer, data: { categories: await shownCategories({ ...family, categories: asked }, this.sealer) } };
  }

  private async read(familyId: string, context: QueryContext) {
    return this.readModels.read({ ...freshness(context), space: { kind: 'family', id: familyId } }, (trx) =>
      familyInSight(trx, familyId, context.userId),
    );
  }
}
