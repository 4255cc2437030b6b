import { DaybookError } from '@daybook/kernel';
import { CATEGORY_KINDS } from '../budget/policies.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { refusalOf } from '../refusal.js';
import type { AddCategory, ArchiveCategory, RenameCategory, RestoreCategory } from './commands-categories.js';
import type { PlanEvent } from './events.js';
import { isSameText, noSuchCategory, type Scene } from './scene.js';
import type { Category } from './state.js';

/** Archived ones too: whatever was recorded under them is told by their names. */
const MAX_CATEGORIES = 100;

export function decideAddCategory(command: AddCategory, scene: Scene): readonly PlanEvent[] {
  const { categoryId, kind, name } = command;
  const taken = scene.plan.categories[categoryId];
  if (taken !== undefined) {
    if (taken.kind === kind && isSameText(taken.addedAs, name)) return [];
    throw new DaybookError('IDEMPOTENCY_KEY_REUSED', 'Another category has this categoryId; leave it out, or use a new one.');
  }
  refuseTooMany(scene, 1);
  return [{ type: 'CategoryAdded', data: { categoryId, kind, name } }];
}

export function decideRenameCategory({ categoryId, name }: RenameCategory, scene: Scene): readonly PlanEvent[] {
  const before = categoryIn(scene, categoryId).name;
  if (isSameText(before, name)) return [];
  return [{ type: 'CategoryRenamed', data: { categoryId, before, after: name } }];
}

export function decideArchiveCategory({ familyId, categoryId }: ArchiveCategory, scene: Scene): readonly PlanEvent[] {
  const { isArchived } = categoryIn(scene, categoryId);
  if (CATEGORY_KINDS.some((kind) => categoryId === defaultCategoryId(familyId, kind))) {
    const message = 'must not be the default category of its kind, which takes what names no other; rename it instead';
    throw refusalOf('VALIDATION_FAILED', { pointer: '/categoryId', rule: 'default_category', message });
  }
  return isArchived ? [] : [{ type: 'CategoryArchived', data: { categoryId } }];
}

export function decideRestoreCategory({ categoryId }: RestoreCategory, scene: Scene): readonly PlanEvent[] {
  const { isArchived } = categoryIn(scene, categoryId);
  return isArchived ? [{ type: 'CategoryRestored', data: { categoryId } }] : [];
}

export function refuseTooMany({ plan }: Scene, added: number): void {
  const there = Object.keys(plan.categories).length;
  if (there + added <= MAX_CATEGORIES) return;
  const detail = `A family has at most ${MAX_CATEGORIES} categories, archived ones included; rename or restore one instead.`;
  throw new DaybookError('VALIDATION_FAILED', detail);
}

function categoryIn({ plan }: Scene, categoryId: string): Category {
  const category = plan.categories[categoryId];
  if (category === undefined) throw noSuchCategory();
  return category;
}
