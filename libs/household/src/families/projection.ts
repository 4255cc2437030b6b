import { parseCivilDate } from '@daybook/kernel';
import { replaceRows, type ProjectedEvent, type Projection } from '@daybook/projections';
import { evolveBudgetPlan } from '../budget/budget-plan.js';
import { keyedEvent, withFixedCategories } from '../budget/fixed-keys.js';
import { familyEvents, type FamilyEvent } from '../family/family-events.js';
import { fromThenOn, type FamilyDocument } from './document.js';
import { familiesTable } from './table.js';

type StoredFamilyEvent = FamilyEvent & ProjectedEvent;

function evolve(before: FamilyDocument | null, event: StoredFamilyEvent): FamilyDocument {
  const keys = withFixedCategories({ fixedCategories: before?.fixedCategories ?? [] }, event);
  const plan = evolveBudgetPlan(before?.budget ?? null, keyedEvent(keys, event));
  if (plan === null) throw new Error(`${event.type} of a family that was never created`);
  const changed = { ...keys, budget: fromThenOn(plan, parseCivilDate(event.on)), version: event.revision };
  if (event.type === 'FamilyCreated') {
    const { familyId, name } = event.data;
    return { familyId, name, createdAt: event.recordedAt, members: [], ...changed };
  }
  if (before === null) throw new Error(`${event.type} of a family that was never created`);
  return { ...withChange(before, event), ...changed };
}

/** But for the budget, which has a fold of its own. */
function withChange(family: FamilyDocument, event: Exclude<StoredFamilyEvent, { type: 'FamilyCreated' }>): FamilyDocument {
  switch (event.type) {
    case 'MemberJoined': {
      const member = { userId: event.data.userId, role: event.data.role, joinedAt: event.recordedAt };
      return { ...family, members: [...family.members, member] };
    }
    case 'FamilySettingsChanged':
      return { ...family, name: event.data.name?.after ?? family.name };
    case 'BudgetPlanSet':
    case 'CategoryAdded':
    case 'CategoryRenamed':
    case 'CategoryArchived':
    case 'CategoryRestored':
    case 'FixedItemSettled':
    case 'PeriodClosed':
    case 'PeriodReopened':
      return family;
    default:
      throw new Error(`families does not know ${JSON.stringify(event satisfies never)}`);
  }
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
