import type { Clock } from '@daybook/kernel';
import { freshness, type QueryAnswer, type QueryContext, type Sealer } from '@daybook/platform';
import type { ReadAnswer, ReadModels } from '@daybook/projections';
import type { z } from 'zod';
import { categoriesOf } from '../categories/index.js';
import { familyInSight } from './access.js';
import type { getCategories } from './contracts.js';
import { shownCategories, shownFamily, type FamilyInSight } from './shown-family.js';

/** Answers what a family is, to its members; to everybody else there is no such family. */
export class FamiliesQueries {
  constructor(
    private readonly readModels: ReadModels<unknown>,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async getFamilyDetails({ familyId }: { familyId: string }, context: QueryContext): Promise<QueryAnswer> {
    const answer = await this.read(familyId, context);
    return { ...answer, data: await shownFamily(answer.data, this.sealer, this.clock.now()) };
  }

  async getCategories(args: z.output<typeof getCategories.args>, context: QueryContext): Promise<QueryAnswer> {
    const { familyId, kind, includeArchived } = args;
    const answer = await this.read(familyId, context);
    const asked = answer.data.categories.filter(
      (category) => (kind === undefined || category.kind === kind) && (includeArchived || !category.isArchived),
    );
    return { ...answer, data: { categories: await shownCategories(familyId, asked, this.sealer) } };
  }

  private async read(familyId: string, context: QueryContext): Promise<ReadAnswer<FamilyInSight>> {
    return this.readModels.read({ ...freshness(context), space: { kind: 'family', id: familyId } }, async (trx) => ({
      ...(await familyInSight(trx, familyId, context.userId)),
      categories: await categoriesOf(trx, familyId),
    }));
  }
}
