import type { CivilDate } from '@daybook/kernel';
import type { FamilyEvent } from '../household-events.js';
import { withStartDay, type CalendarEntry } from './calendar.js';
import type { CarryMode, EndPolicy } from './policies.js';
import type { ZoneEntry } from './today.js';

/** One plan: counts from its period on, up to the next plan (rule R4). Amounts in minor units as digits. */
export type PlanVersion = {
  period: CivilDate;
  income: string;
  savings: string;
  /** By category of kind fixed. */
  fixed: Record<string, string>;
};

/** All that a family has decided about its budget; JSON, because it stands in documents. */
export type BudgetPlan = {
  currency: string;
  carryMode: CarryMode;
  endPolicy: EndPolicy;
  zones: ZoneEntry[];
  calendar: CalendarEntry[];
  /** In the order of their periods, one a period. */
  plans: PlanVersion[];
  /** How often a plan was set: what `expectedVersion` means. */
  version: number;
  /** By period: fixed items whose actual amount counts, even where it is below the planned one. */
  settled: Record<string, string[]>;
  /** Starts of the closed periods, oldest first, without a gap. */
  closed: CivilDate[];
};

/** Null before the family exists. What is no business of the budget leaves it as it is. */
export function evolveBudgetPlan(plan: BudgetPlan | null, event: FamilyEvent): BudgetPlan | null {
  if (event.type === 'FamilyCreated') {
    const { currency, timeZone, budgetStartDate, startDay, carryMode, endPolicy } = event.data;
    const zones = [{ from: null, timeZone }];
    const calendar = [{ from: budgetStartDate, startDay }];
    return { currency, carryMode, endPolicy, zones, calendar, plans: [], version: 0, settled: {}, closed: [] };
  }
  if (plan === null) throw new Error(`${event.type} of a family that was never created`);
  switch (event.type) {
    case 'BudgetPlanSet': {
      const { period, income, savings, fixed } = event.data;
      const version = { period, income, savings, fixed: Object.fromEntries(fixed.map((item) => [item.categoryId, item.planned])) };
      const others = plan.plans.filter((other) => other.period !== period);
      return { ...plan, plans: [...others, version].sort(byPeriod), version: plan.version + 1 };
    }
    case 'FixedItemSettled': {
      const { period, categoryId } = event.data;
      return { ...plan, settled: { ...plan.settled, [period]: [...(plan.settled[period] ?? []), categoryId] } };
    }
    case 'FamilySettingsChanged':
      return withSettings(plan, event.data);
    case 'PeriodClosed':
      return { ...plan, closed: [...plan.closed, event.data.period] };
    case 'PeriodReopened':
      return { ...plan, closed: plan.closed.filter((period) => period !== event.data.period) };
    case 'MemberJoined':
    case 'CategoryAdded':
    case 'CategoryRenamed':
    case 'CategoryArchived':
    case 'CategoryRestored':
      return plan;
    default:
      throw new Error(`unknown family event ${JSON.stringify(event satisfies never)}`);
  }
}

/** The plan that counts for a period: the last one set for it or for an earlier one. */
export function planFor(plan: BudgetPlan, period: CivilDate): PlanVersion | undefined {
  return plan.plans.findLast((version) => version.period <= period);
}

type SettingsChange = Extract<FamilyEvent, { type: 'FamilySettingsChanged' }>['data'];

function withSettings(plan: BudgetPlan, { timeZone, startDay, endPolicy }: SettingsChange): BudgetPlan {
  return {
    ...plan,
    ...(timeZone && { zones: withZone(plan.zones, { from: timeZone.from, timeZone: timeZone.after }) }),
    ...(startDay && { calendar: [...withStartDay(plan.calendar, { from: startDay.from, startDay: startDay.after })] }),
    ...(endPolicy && { endPolicy: endPolicy.after }),
  };
}

/** A later announcement for the same day, or for an earlier one, takes the place of what had been announced. */
function withZone(zones: ZoneEntry[], added: ZoneEntry & { from: CivilDate }): ZoneEntry[] {
  return [...zones.filter(({ from }) => from === null || from < added.from), added];
}

function byPeriod(left: PlanVersion, right: PlanVersion): number {
  return left.period < right.period ? -1 : Number(left.period > right.period);
}
