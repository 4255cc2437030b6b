import { civilDateIn, currencyDigits, DaybookError, parseCurrency, parseTimeZone, type Clock, type Sealed } from '@daybook/kernel';
import { freshness, type QueryAnswer, type QueryContext, type Sealer } from '@daybook/platform';
import type { ReadModels } from '@daybook/projections';
import type { Role } from '../membership/index.js';

export interface FamiliesTables {
  families: {
    space: string;
    family_id: string;
    name: Sealed;
    currency: string;
    time_zone: string;
    members: readonly { userId: string; role: Role; joinedAt: string }[];
    version: bigint;
  };
}

/** Answers what a family is, to its members; to everybody else there is no such family. */
export class FamiliesQueries {
  constructor(
    private readonly readModels: ReadModels<FamiliesTables>,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async getFamilyDetails({ familyId }: { familyId: string }, context: QueryContext): Promise<QueryAnswer> {
    const answer = await this.readModels.read(
      { ...freshness(context), space: { kind: 'family', id: familyId } },
      (database) =>
        database
          .selectFrom('families')
          .select(['family_id', 'name', 'currency', 'time_zone', 'members', 'version'])
          .where('family_id', '=', familyId)
          .executeTakeFirst(),
    );
    const family = answer.data;
    const membership = family?.members.find((member) => member.userId === context.userId);
    if (family === undefined || membership === undefined) {
      throw new DaybookError('NOT_FOUND', 'There is no such family among yours.');
    }
    const name = await this.sealer.open(family.name, `family-${familyId}/name`);
    return {
      ...answer,
      data: {
        familyId,
        name: name ?? '[forgotten]',
        currency: family.currency,
        currencyDigits: currencyDigits(parseCurrency(family.currency)),
        timeZone: family.time_zone,
        today: civilDateIn(parseTimeZone(family.time_zone), this.clock.now()),
        role: membership.role,
        version: Number(family.version),
        members: family.members.map((member) => ({ ...member })),
      },
    };
  }
}
