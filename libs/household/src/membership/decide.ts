import { DaybookError, partsOf, type CivilDate } from '@daybook/kernel';
import type { Decider } from '@daybook/eventsourcing';
import { amountOf } from '../amount-input.js';
import { CATEGORY_KINDS } from '../budget/policies.js';
import { todayIn } from '../budget/today.js';
import { lastAcceptedDate, yearsFrom } from '../date-range.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { FamilyFacts } from '../family/family-commands.js';
import type { FamilyEvent } from '../family/family-events.js';
import { evolveFamily, initialFamily, type FamilyState } from '../family/family-state.js';
import type { PlanEvent } from '../plan/events.js';
import { refusalOf } from '../refusal.js';
import type { CreateFamily, MembershipCommand, PlanAmounts } from './commands.js';
import type { OpenMembership } from './state.js';

const YEARS_BACK = 5;

type OpeningPlan = Extract<PlanEvent, { type: 'BudgetPlanSet' }>['data'];

function decideCreateFamily(
  command: CreateFamily,
  { membership, plan }: FamilyState,
  facts: FamilyFacts,
): readonly FamilyEvent[] {
  if (membership.status === 'unborn' || plan.status === 'unborn') return newFamily(command, facts);
  if (isSameFamily(command, membership) && isSamePlan(command, membership.created.budgetStartDate, plan.openingPlan)) return [];
  throw new DaybookError('FAMILY_EXISTS', 'Choose another familyId, or leave it out to have one made.');
}

/** The family, its founder, its default categories, and its plan if there is one: one append. */
function newFamily(command: CreateFamily, { now }: FamilyFacts): readonly FamilyEvent[] {
  const { familyId, name, currency, timeZone, carryMode, endPolicy } = command;
  const today = todayIn([{ from: null, timeZone }], now);
  const budgetStartDate = command.budgetStartDate ?? today;
  refuseFarFrom(today, budgetStartDate);
  const startDay = command.startDay ?? partsOf(budgetStartDate).day;
  const created = { familyId, name, currency, timeZone, budgetStartDate, startDay, carryMode, endPolicy };
  return [
    { type: 'FamilyCreated', data: created },
    { type: 'MemberJoined', data: { userId: command.founder, role: 'manager', via: 'founding' } },
    ...CATEGORY_KINDS.map((kind): FamilyEvent => {
      return { type: 'CategoryAdded', data: { categoryId: defaultCategoryId(familyId, kind), kind, name: null } };
    }),
    ...openingPlan(command, command.plan, budgetStartDate).map((data): FamilyEvent => ({ type: 'BudgetPlanSet', data })),
  ];
}

function refuseFarFrom(today: CivilDate, budgetStartDate: CivilDate): void {
  const [first, last] = [yearsFrom(today, -YEARS_BACK), lastAcceptedDate(today)];
  if (budgetStartDate >= first && budgetStartDate <= last) return;
  const message = `must be between ${first} and ${last}`;
  throw refusalOf('DATE_OUT_OF_RANGE', { pointer: '/budgetStartDate', rule: 'out_of_range', message });
}

function openingPlan({ familyId, currency }: CreateFamily, amounts: PlanAmounts | null, period: CivilDate): OpeningPlan[] {
  if (amounts === null) return [];
  const minor = (name: keyof PlanAmounts): string => String(amountOf(amounts[name], currency, `/${name}`));
  const fixed = [{ categoryId: defaultCategoryId(familyId, 'fixed'), planned: minor('fixedExpenses') }];
  return [{ period, income: minor('monthlyIncome'), fixed, savings: minor('savingsGoal'), fromVersion: 0 }];
}

/** What was left out matches whatever it was. */
function isSameFamily(command: CreateFamily, { members, created }: OpenMembership): boolean {
  const startDate = command.budgetStartDate ?? created.budgetStartDate;
  return (
    members[command.founder] === 'manager' &&
    created.name.subject === command.name.subject &&
    created.name.data === command.name.data &&
    created.currency === command.currency &&
    created.timeZone === command.timeZone &&
    created.budgetStartDate === startDate &&
    created.startDay === (command.startDay ?? partsOf(startDate).day) &&
    created.carryMode === command.carryMode &&
    created.endPolicy === command.endPolicy
  );
}

function isSamePlan(command: CreateFamily, firstPeriod: CivilDate, opening: OpeningPlan | null): boolean {
  return openingPlan(command, command.plan, firstPeriod).every(
    (asked) =>
      opening?.period === asked.period &&
      opening.income === asked.income &&
      opening.savings === asked.savings &&
      opening.fixed.length === 1 &&
      opening.fixed[0]?.planned === asked.fixed[0]?.planned,
  );
}

export const membershipDecider: Decider<FamilyState, MembershipCommand, FamilyEvent, FamilyFacts> = {
  initial: initialFamily,
  evolve: evolveFamily,
  decide(command, state, facts) {
    switch (command.type) {
      case 'createFamily':
        return decideCreateFamily(command, state, facts);
      default:
        throw new Error(`unknown membership command ${JSON.stringify(command.type satisfies never)}`);
    }
  },
};
