import type { Sealed } from '@daybook/kernel';
import type { Sealer } from '@daybook/platform';
import { CATEGORY_KINDS, type CategoryKind } from './budget/policies.js';
import { defaultCategoryId } from './family/default-categories.js';
import { categoryNameField } from './sealed-fields.js';

/** Stands for what a person wrote who was forgotten. */
export const FORGOTTEN = '[forgotten]';
const DEFAULT_NAMES: Readonly<Record<CategoryKind, string>> = { fixed: 'Fixed', variable: 'Variable', savings: 'Savings' };

export async function shownText(sealer: Sealer, sealed: Sealed, field: string): Promise<string> {
  return (await sealer.open(sealed, field)) ?? FORGOTTEN;
}

export async function shownTextOrNull(sealer: Sealer, sealed: Sealed | null, field: string): Promise<string | null> {
  return sealed === null ? null : shownText(sealer, sealed, field);
}

/** A default category has no name of its own until it is given one. */
export async function shownCategoryName(
  sealer: Sealer,
  familyId: string,
  { categoryId, name }: { readonly categoryId: string; readonly name: Sealed | null },
): Promise<string> {
  if (name !== null) return shownText(sealer, name, categoryNameField(familyId, categoryId));
  const kind = CATEGORY_KINDS.find((one) => defaultCategoryId(familyId, one) === categoryId);
  return kind === undefined ? '' : DEFAULT_NAMES[kind];
}
