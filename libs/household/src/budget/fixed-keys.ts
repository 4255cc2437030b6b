import type { FamilyEvent, HouseholdEvent } from '../household-events.js';
import type { BudgetDocument } from './document.js';
import type { Entry } from './sums.js';

/**
 * In a budget's document the ids of fixed categories would be most of its size, once a period each. Their place in one
 * list stands for them; the family's own stream gives that list its order, so that it is the same for every fold.
 */
type Keys = Pick<BudgetDocument, 'fixedCategories'>;

/** An id that no family event has named stands for itself. */
export function keyOf({ fixedCategories }: Keys, categoryId: string): string {
  const index = fixedCategories.indexOf(categoryId);
  return index < 0 ? categoryId : String(index);
}

export function categoryOf({ fixedCategories }: Keys, key: string): string {
  return fixedCategories[Number(key)] ?? key;
}

export function withFixedCategories<Keyed extends Keys>(document: Keyed, event: HouseholdEvent): Keyed {
  const added = fixedCategoriesIn(event).filter((categoryId) => !document.fixedCategories.includes(categoryId));
  return added.length === 0 ? document : { ...document, fixedCategories: [...document.fixedCategories, ...added] };
}

export function keyedEvent(keys: Keys, event: FamilyEvent): FamilyEvent {
  if (event.type === 'BudgetPlanSet') {
    const fixed = event.data.fixed.map((item) => ({ ...item, categoryId: keyOf(keys, item.categoryId) }));
    return { ...event, data: { ...event.data, fixed } };
  }
  if (event.type === 'FixedItemSettled') {
    return { ...event, data: { ...event.data, categoryId: keyOf(keys, event.data.categoryId) } };
  }
  return event;
}

export function keyedEntry(keys: Keys, { content, sign }: Entry): Entry {
  const lines = content.lines.map((line) => {
    return line.categoryId === null ? line : { ...line, categoryId: keyOf(keys, line.categoryId) };
  });
  return { content: { ...content, lines }, sign };
}

function fixedCategoriesIn(event: HouseholdEvent): string[] {
  if (event.type === 'CategoryAdded') return event.data.kind === 'fixed' ? [event.data.categoryId] : [];
  if (event.type === 'BudgetPlanSet') return event.data.fixed.map(({ categoryId }) => categoryId);
  return event.type === 'FixedItemSettled' ? [event.data.categoryId] : [];
}
