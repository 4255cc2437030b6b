import { currencyDigits, parseCurrency, type CivilDate } from '@daybook/kernel';
import type { Sealer } from '@daybook/platform';
import type { z } from 'zod';
import { planFor, type BudgetPlan } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import type { CategoryKind } from '../budget/policies.js';
import { todayIn, zoneOn } from '../budget/today.js';
import type { Role } from '../membership/roles.js';
import { categoryNameField, familyNameField } from '../sealed-fields.js';
import { shownPlan } from '../shown-plan.js';
import type { getCategories, getFamilyDetails } from './contracts.js';
import type { FamilyCategory, FamilyDocument } from './document.js';

type FamilyDetails = z.input<typeof getFamilyDetails.answer>;
type ShownCategory = z.input<typeof getCategories.answer>['categories'][number];

/** Instead of what a person wrote who was forgotten. */
const FORGOTTEN = '[forgotten]';
const DEFAULT_NAMES: Readonly<Record<CategoryKind, string>> = { fixed: 'Fixed', variable: 'Variable', savings: 'Savings' };

export async function shownFamily(family: FamilyDocument, role: Role, sealer: Sealer, nowMs: number): Promise<FamilyDetails> {
  const { familyId, budget, version, members } = family;
  const currency = parseCurrency(budget.currency);
  const today = todayIn(budget.zones, nowMs);
  return {
    familyId,
    name: (await sealer.open(family.name, familyNameField(familyId))) ?? FORGOTTEN,
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
    categories: await shownCategories(family, sealer),
    plan: planOn(budget, today),
  };
}

export async function shownCategories({ familyId, categories }: FamilyDocument, sealer: Sealer): Promise<ShownCategory[]> {
  return Promise.all(
    categories.map(async ({ categoryId, kind, name, isArchived }) => ({
      categoryId,
      kind,
      name: name === null ? DEFAULT_NAMES[kind] : await openedName(familyId, { categoryId, name }, sealer),
      isDefault: name === null,
      isArchived,
    })),
  );
}

async function openedName(
  familyId: string,
  { categoryId, name }: { categoryId: string; name: NonNullable<FamilyCategory['name']> },
  sealer: Sealer,
): Promise<string> {
  return (await sealer.open(name, categoryNameField(familyId, categoryId))) ?? FORGOTTEN;
}

function calendarOn({ calendar }: BudgetPlan, today: CivilDate): Pick<FamilyDetails, 'startDay' | 'budgetStartDate'> {
  const [first] = calendar;
  const entry = calendar.findLast(({ from }) => from <= today) ?? first;
  if (first === undefined || entry === undefined) throw new RangeError('a budget has a first day');
  return { startDay: entry.startDay, budgetStartDate: first.from };
}

function planOn(budget: BudgetPlan, today: CivilDate): FamilyDetails['plan'] {
  const period = periodOf(budget.calendar, today);
  const plan = period === undefined ? undefined : planFor(budget, period.start);
  if (period === undefined || plan === undefined) return null;
  const { start, lastDay } = period;
  return { period: start, periodEnd: lastDay, version: budget.version, ...shownPlan(plan, parseCurrency(budget.currency)) };
}
