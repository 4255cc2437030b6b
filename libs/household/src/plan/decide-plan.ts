import { DaybookError, parseCurrency, type CivilDate } from '@daybook/kernel';
import { amountOf } from '../amount-input.js';
import { planFor, type PlanVersion } from '../budget/budget-plan.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { refusalOf } from '../refusal.js';
import { shownPlan } from '../shown-plan.js';
import type { FixedItem, SetBudgetPlan, SettleFixedItem } from './commands-plan.js';
import { refuseTooMany } from './decide-categories.js';
import type { PlanEvent } from './events.js';
import { noSuchCategory, openPeriodAt, runningPeriod, type Scene } from './scene.js';

type PlannedItem = { readonly categoryId: string; readonly planned: string };

export function decideSetBudgetPlan(command: SetBudgetPlan, scene: Scene): readonly PlanEvent[] {
  const { budget, categories } = scene.plan;
  const period = openPeriodAt(scene, command.period ?? runningPeriod(scene).start).start;
  const made = command.fixed.filter(({ categoryId, name }) => name !== null && categories[categoryId] === undefined);
  const asked = planAsked(command, scene, period);
  const own = budget.plans.find((plan) => plan.period === period);
  if (made.length === 0 && own !== undefined && differing(asked, own).length === 0) return [];
  if (command.expectedVersion !== null && command.expectedVersion !== budget.version) throw conflict(asked, scene);
  refuseTooMany(scene, made.length);
  const { income, savings } = asked;
  const fixed = Object.entries(asked.fixed).map(([categoryId, planned]): PlannedItem => ({ categoryId, planned }));
  return [
    ...made.map(({ categoryId, name }): PlanEvent => ({ type: 'CategoryAdded', data: { categoryId, kind: 'fixed', name } })),
    { type: 'BudgetPlanSet', data: { period, income, fixed, savings, fromVersion: budget.version } },
  ];
}

export function decideSettleFixedItem(command: SettleFixedItem, scene: Scene): readonly PlanEvent[] {
  const { categoryId } = command;
  const category = scene.plan.categories[categoryId];
  if (category === undefined) throw noSuchCategory();
  if (category.kind !== 'fixed') throw wrongKind('/categoryId');
  const period = openPeriodAt(scene, command.period).start;
  if (scene.plan.budget.settled[period]?.includes(categoryId)) return [];
  return [{ type: 'FixedItemSettled', data: { period, categoryId } }];
}

/** Amounts in minor units; the default fixed category gets what the named items leave. */
function planAsked(command: SetBudgetPlan, scene: Scene, period: CivilDate): PlanVersion {
  const { currency } = scene.plan.budget;
  const minor = (name: 'monthlyIncome' | 'fixedExpenses' | 'savingsGoal'): bigint => amountOf(command[name], currency, `/${name}`);
  const unnamed = defaultCategoryId(command.familyId, 'fixed');
  const items = command.fixed.map((item, index) => {
    refuseUnfit(item, index, command, scene);
    return { ...item, minor: amountOf(item.planned, currency, `/fixed/${index}/planned`) };
  });
  const named = items.filter(({ categoryId }) => categoryId !== unnamed);
  const left = minor('fixedExpenses') - named.reduce((sum, item) => sum + item.minor, 0n);
  if (left < 0n) {
    const message = 'must be at least what the items of fixed come to';
    throw refusalOf('VALIDATION_FAILED', { pointer: '/fixedExpenses', rule: 'too_small', message });
  }
  if (items.some(({ categoryId, minor: planned }) => categoryId === unnamed && planned !== left)) {
    const message = 'must be what the items of fixed come to, because the default category is one of them';
    throw refusalOf('VALIDATION_FAILED', { pointer: '/fixedExpenses', rule: 'not_the_sum', message });
  }
  const fixed = [[unnamed, String(left)], ...named.map((item) => [item.categoryId, String(item.minor)])];
  return { period, income: String(minor('monthlyIncome')), savings: String(minor('savingsGoal')), fixed: Object.fromEntries(fixed) };
}

function refuseUnfit({ categoryId, name }: FixedItem, index: number, command: SetBudgetPlan, { plan }: Scene): void {
  const pointer = `/fixed/${index}/categoryId`;
  if (command.fixed.findIndex((other) => other.categoryId === categoryId) < index) {
    throw refusalOf('VALIDATION_FAILED', { pointer, rule: 'repeated', message: 'must not be there twice' });
  }
  const category = plan.categories[categoryId];
  if (category === undefined && name !== null) return;
  if (category === undefined) {
    throw refusalOf('VALIDATION_FAILED', { pointer, rule: 'unknown_category', message: 'must be a category of this family' });
  }
  if (category.kind !== 'fixed') throw wrongKind(pointer);
  if (category.isArchived) {
    throw refusalOf('CATEGORY_ARCHIVED', { pointer, rule: 'archived', message: 'must not be archived; restore it first' });
  }
}

function wrongKind(pointer: string): DaybookError {
  return refusalOf('VALIDATION_FAILED', { pointer, rule: 'wrong_kind', message: 'must be a category of kind fixed' });
}

/** What counts for the period by now, and in which of the fields that were sent it differs. */
function conflict(asked: PlanVersion, { plan: { budget } }: Scene): DaybookError {
  const counting = planFor(budget, asked.period);
  const shown = counting === undefined ? null : shownPlan(counting, parseCurrency(budget.currency));
  return new DaybookError('VERSION_CONFLICT', `The plan is at version ${budget.version}; look at it and decide again.`, {
    current: { version: budget.version, period: asked.period, ...shown },
    changedFields: differing(asked, counting),
  });
}

function differing(asked: PlanVersion, other: PlanVersion | undefined): string[] {
  const total = ({ fixed }: PlanVersion): bigint => Object.values(fixed).reduce((sum, planned) => sum + BigInt(planned), 0n);
  const items = ({ fixed }: PlanVersion): string => JSON.stringify(Object.entries(fixed).sort());
  const fields = {
    monthlyIncome: asked.income === other?.income,
    fixedExpenses: other !== undefined && total(asked) === total(other),
    fixed: other !== undefined && items(asked) === items(other),
    savingsGoal: asked.savings === other?.savings,
  };
  return Object.entries(fields).flatMap(([name, isSame]) => (isSame ? [] : [name]));
}
