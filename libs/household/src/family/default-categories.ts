import { uuidV5 } from '@daybook/kernel';
import type { CategoryKind } from '../budget/policies.js';

/** The category a bare kind means. Derived, so that everybody can name it; STORAGE CONTRACT. */
export function defaultCategoryId(familyId: string, kind: CategoryKind): string {
  return uuidV5(familyId, `category/${kind}`);
}
