import { parseCivilDate } from '@daybook/kernel';
import { replaceRows, type ProjectedEvent, type Projection } from '@daybook/projections';
import { evolveBudgetPlan } from '../budget/budget-plan.js';
import { familyEvents, type FamilyEvent } from '../family/family-events.js';
import { fromThenOn, type FamilyCategory, type FamilyDocument } from './document.js';
import { familiesTable } from './table.js';

type StoredFamilyEvent = FamilyEvent & ProjectedEvent;

function evolve(before: FamilyDocument | null, event: StoredFamilyEvent): FamilyDocument {
  const plan = evolveBudgetPlan(before?.budget ?? null, event);
  if (plan === null) throw new Error(`${event.type} of a family that was never created`);
  const budget = fromThenOn(plan, parseCivilDate(event.on));
  const version = event.revision;
  if (event.type === 'FamilyCreated') {
    const { familyId, name } = event.data;
    return { familyId, name, createdAt: event.recordedAt, version, members: [], categories: [], budget };
  }
  if (before === null) throw new Error(`${event.type} of a family that was never created`);
  return { ...withChange(before, event), budget, version };
}

function withChange(family: FamilyDocument, event: Exclude<StoredFamilyEvent, { type: 'FamilyCreated' }>): FamilyDocument {
  switch (event.type) {
    case 'MemberJoined': {
      const member = { userId: event.data.userId, role: event.data.role, joinedAt: event.recordedAt };
      return { ...family, members: [...family.members, member] };
    }
    case 'CategoryAdded':
      return { ...family, categories: [...family.categories, { ...event.data, isArchived: false }] };
    case 'CategoryRenamed':
      return withCategory(family, event.data.categoryId, { name: event.data.after });
    case 'CategoryArchived':
      return withCategory(family, event.data.categoryId, { isArchived: true });
    case 'CategoryRestored':
      return withCategory(family, event.data.categoryId, { isArchived: false });
    case 'FamilySettingsChanged':
      return { ...family, name: event.data.name?.after ?? family.name };
    case 'BudgetPlanSet':
    case 'FixedItemSettled':
    case 'PeriodClosed':
    case 'PeriodReopened':
      return family;
    default:
      throw new Error(`families does not know ${JSON.stringify(event satisfies never)}`);
  }
}

function withCategory(family: FamilyDocument, categoryId: string, change: Partial<FamilyCategory>): FamilyDocument {
  if (family.categories.every((category) => category.categoryId !== categoryId)) {
    throw new Error('a category changed that was never added');
  }
  const changed = (category: FamilyCategory): FamilyCategory =>
    category.categoryId === categoryId ? { ...category, ...change } : category;
  return { ...family, categories: family.categories.map(changed) };
}

function rowOf({ budget, ...family }: FamilyDocument) {
  return {
    family_id: family.familyId,
    name: family.name,
    currency: budget.currency,
    zones: budget.zones,
    calendar: budget.calendar,
    end_policy: budget.endPolicy,
    members: family.members,
    categories: family.categories,
    created_at: family.createdAt,
    version: family.version,
  };
}

export const families: Projection<FamilyDocument, StoredFamilyEvent> = {
  name: 'families',
  version: 2,
  table: familiesTable,
  handles: familyEvents.types as readonly FamilyEvent['type'][],
  key: (event) => event.space.id,
  evolve,
  rows: replaceRows(familiesTable, (document) => [rowOf(document)]),
};
