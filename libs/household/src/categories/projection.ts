import { replaceRows, type ProjectedEvent, type Projection } from '@daybook/projections';
import type { CategoryKind } from '../budget/policies.js';
import type { PlanEvent } from '../plan/events.js';
import { categoriesTable } from './table.js';

type CategoryType = 'CategoryAdded' | 'CategoryRenamed' | 'CategoryArchived' | 'CategoryRestored';
type CategoryEvent = Extract<PlanEvent, { type: CategoryType }> & ProjectedEvent;

type CategoryDocument = {
  familyId: string;
  categoryId: string;
  kind: CategoryKind;
  /** Null for the default category of its kind. */
  name: { sealed: 1; subject: string; data: string } | null;
  isArchived: boolean;
  seq: number;
};

function evolve(category: CategoryDocument | null, event: CategoryEvent): CategoryDocument {
  if (event.type === 'CategoryAdded') {
    return { familyId: event.space.id, ...event.data, isArchived: false, seq: event.seq };
  }
  if (category === null) throw new Error('a category changed that was never added');
  switch (event.type) {
    case 'CategoryRenamed':
      return { ...category, name: event.data.after };
    case 'CategoryArchived':
      return { ...category, isArchived: true };
    case 'CategoryRestored':
      return { ...category, isArchived: false };
    default:
      throw new Error(`categories does not know ${JSON.stringify(event satisfies never)}`);
  }
}

function rowOf({ familyId, categoryId, kind, name, isArchived, seq }: CategoryDocument) {
  return { family_id: familyId, category_id: categoryId, kind, name, is_archived: isArchived, seq };
}

export const categories: Projection<CategoryDocument, CategoryEvent> = {
  name: 'categories',
  version: 1,
  table: categoriesTable,
  handles: ['CategoryAdded', 'CategoryRenamed', 'CategoryArchived', 'CategoryRestored'],
  key: (event) => event.data.categoryId,
  evolve,
  rows: replaceRows(categoriesTable, (category) => [rowOf(category)]),
};
