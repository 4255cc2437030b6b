import { DaybookError } from '@daybook/kernel';
import { freshness, type QueryAnswer, type QueryContext } from '@daybook/platform';
import { sql } from 'kysely';
import { spaceKey, type ReadModels, type ReadTransaction } from '@daybook/projections';
import type { Role } from '../membership/roles.js';

export interface MembersTables {
  members: { space: string; family_id: string; user_id: string; role: Role; joined_at: Date };
}

/**
 * As what the user belongs to the family, inside somebody else's read. Whoever does not belong to it is told the same as
 * of a family that is not there.
 */
export async function memberRole(trx: ReadTransaction, familyId: string, userId: string): Promise<Role> {
  const space = spaceKey({ kind: 'family', id: familyId });
  const { rows } = await sql<{ role: Role }>`
    select role from members where space = ${space} and user_id = ${userId}`.execute(trx);
  const [member] = rows;
  if (member === undefined) throw new DaybookError('NOT_FOUND', 'There is no such family among yours.');
  return member.role;
}

/** Answers which families a user belongs to; only ever about the caller. */
export class MembersQueries {
  constructor(private readonly readModels: ReadModels<MembersTables>) {}

  async getUserFamilyContext({ userId }: { userId?: string | undefined }, context: QueryContext): Promise<QueryAnswer> {
    if (userId !== undefined && userId !== context.userId) {
      throw new DaybookError('ACTOR_MISMATCH', 'Leave userId out: the answer is always about the caller.');
    }
    const answer = await this.readModels.read(
      { ...freshness(context), space: null },
      (database) =>
        database
          .selectFrom('members')
          .select(['family_id', 'role', 'joined_at'])
          .where('user_id', '=', context.userId)
          .orderBy('joined_at')
          .orderBy('family_id')
          .execute(),
    );
    const memberships = answer.data.map((row) => ({
      familyId: row.family_id,
      role: row.role,
      joinedAt: row.joined_at.toISOString(),
    }));
    return { ...answer, data: { userId: context.userId, memberships } };
  }
}
