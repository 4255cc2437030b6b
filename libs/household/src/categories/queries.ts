import type { Sealed } from '@daybook/kernel';
import { spaceKey, type ReadTransaction } from '@daybook/projections';
import { sql } from 'kysely';
import type { CategoryKind } from '../budget/policies.js';

export interface StoredCategory {
  readonly categoryId: string;
  readonly kind: CategoryKind;
  /** Null for the default category of its kind. */
  readonly name: Sealed | null;
  readonly isArchived: boolean;
}

/** All of a family's, in the order they were added, inside somebody else's read. */
export async function categoriesOf(trx: ReadTransaction, familyId: string): Promise<readonly StoredCategory[]> {
  const space = spaceKey({ kind: 'family', id: familyId });
  const { rows } = await sql<StoredCategory>`
    select category_id as "categoryId", kind, name, is_archived as "isArchived"
      from categories where space = ${space} order by seq`.execute(trx);
  return rows;
}
