import { currencyDigits, parseCurrency, type CivilDate } from '@daybook/kernel';
import type { Sealer } from '@daybook/platform';
import type { z } from 'zod';
import type { BudgetPlan } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import { todayIn, zoneOn } from '../budget/today.js';
import type { StoredCategory } from '../categories/index.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { Role } from '../membership/roles.js';
import { familyNameField } from '../sealed-fields.js';
import { shownPlan } from '../shown-plan.js';
import { shownCategoryName, shownText } from '../shown-text.js';
import type { getCategories, getFamilyDetails } from './contracts.js';
import { planCounting, type FamilyDocument } from './document.js';

type FamilyDetails = z.input<typeof getFamilyDetails.answer>;
type ShownCategory = z.input<typeof getCategories.answer>['categories'][number];

/** A family and all its categories, as one read has found them for a member of this role. */
export interface FamilyInSight {
  readonly family: FamilyDocument;
  readonly categories: readonly StoredCategory[];
  readonly role: Role;
}

export async function shownFamily({ family, categories, role }: FamilyInSight, sealer: Sealer, nowMs: number): Promise<FamilyDetails> {
  const { familyId, budget, version, members } = family;
  const currency = parseCurrency(budget.currency);
  const today = todayIn(budget.zones, nowMs);
  return {
    familyId,
    name: await shownText(sealer, family.name, familyNameField(familyId)),
    currency,
    currencyDigits: currencyDigits(currency),
    timeZone: zoneOn(budget.zones, today),
    today,
    ...calendarOn(budget, today),
    carryMode: budget.carryMode,
    endPolicy: budget.endPolicy,
    role,
    version,
    members: [...members],
    categories: await shownCategories(familyId, categories, sealer),
    plan: planOn(family, today),
  };
}

export async function shownCategories(
  familyId: string,
  categories: readonly StoredCategory[],
  sealer: Sealer,
): Promise<ShownCategory[]> {
  return Promise.all(
    categories.map(async (category) => ({
      categoryId: category.categoryId,
      kind: category.kind,
      name: await shownCategoryName(sealer, familyId, category),
      isDefault: category.categoryId === defaultCategoryId(familyId, category.kind),
      isArchived: category.isArchived,
    })),
  );
}

function calendarOn({ calendar }: BudgetPlan, today: CivilDate): Pick<FamilyDetails, 'startDay' | 'budgetStartDate'> {
  const [first] = calendar;
  const entry = calendar.findLast(({ from }) => from <= today) ?? first;
  if (first === undefined || entry === undefined) throw new RangeError('a budget has a first day');
  return { startDay: entry.startDay, budgetStartDate: first.from };
}

function planOn(family: FamilyDocument, today: CivilDate): FamilyDetails['plan'] {
  const { calendar, currency, version } = family.budget;
  const period = periodOf(calendar, today);
  const plan = period === undefined ? undefined : planCounting(family, period.start);
  if (period === undefined || plan === undefined) return null;
  return { period: period.start, periodEnd: period.lastDay, version, ...shownPlan(plan, parseCurrency(currency)) };
}
