import { addDays, daysBetween, parseCivilDate, type CivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { planFor } from '../../libs/household/src/budget/budget-plan.js';
import { periodOf } from '../../libs/household/src/budget/calendar.js';
import { firstOpenPeriod } from '../../libs/household/src/budget/carry.js';
import { END_POLICIES } from '../../libs/household/src/budget/policies.js';
import { defaultCategoryId } from '../../libs/household/src/family/default-categories.js';
import type { TransactionContent } from '../../libs/household/src/ledger/events.js';
import { HOME, income, spending } from './budget-events.js';
import { FamilyHistory } from './family-history.js';

const FIXED = [defaultCategoryId(HOME, 'fixed'), '2b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c22', '3b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c33'] as const;
const ZONES = ['Europe/London', 'America/Los_Angeles', 'Pacific/Auckland'] as const;

const place = fc.nat(2);
const amount = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 60_000 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 900_000 }) });
/** Mostly about now, at times far away. */
const offset = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -5, max: 0 }) },
  { weight: 2, arbitrary: fc.integer({ min: -60, max: 60 }) },
);
const content = fc.record({ kind: fc.constantFrom('spend', 'spend', 'spend', 'refund', 'fixed', 'saving', 'income', 'extra'), amount, offset, place });

const deed = fc.oneof(
  { weight: 8, arbitrary: fc.record({ deed: fc.constant('record' as const), content }) },
  { weight: 6, arbitrary: fc.record({ deed: fc.constant('wait' as const), days: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 20, max: 70 })) }) },
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('amend' as const), which: fc.nat(20), content }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('void' as const), which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ deed: fc.constant('close' as const) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('plan' as const), income: amount, savings: amount, fixed: fc.array(amount, { minLength: 1, maxLength: 3 }), offset }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('settle' as const), place, offset }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('startDay' as const), startDay: fc.constantFrom(1, 10, 28, 31) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('zone' as const), place, atOnce: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('endPolicy' as const), endPolicy: fc.constantFrom(...END_POLICIES) }) },
);

export type Deed = typeof deed extends fc.Arbitrary<infer One> ? One : never;

export interface Life {
  readonly family: { readonly budgetStartDate: string; readonly on: string; readonly startDay: number };
  /** Whether it begins with a plan. */
  readonly isPlanned: boolean;
  readonly deeds: readonly Deed[];
}

/** Any life a family's budget may have: whatever the commands would refuse is left out by `liveOn`. */
export function familyLives({ maxLength = 40 } = {}): fc.Arbitrary<Life> {
  const family = fc.record({
    budgetStartDate: fc.constantFrom('2026-01-01', '2026-01-15', '2026-01-31', '2025-11-30'),
    on: fc.constantFrom('2026-01-10', '2026-01-31', '2026-03-02'),
    startDay: fc.constantFrom(1, 15, 30, 31),
  });
  const isPlanned = fc.integer({ min: 0, max: 5 }).map((one) => one > 0);
  return fc.record({ family, isPlanned, deeds: fc.array(deed, { maxLength, size: 'max' }) });
}

export function historyOfLife({ family, isPlanned, deeds }: Life): FamilyHistory {
  const history = new FamilyHistory({ ...family, endPolicy: 'carryBoth' }, isPlanned ? {} : null);
  for (const one of deeds) liveOn(history, one);
  return history;
}

function liveOn(history: FamilyHistory, one: Deed): void {
  const { plan } = history.document;
  const live = [...history.live.keys()];
  const nextStart = periodOf(plan.calendar, history.day)?.nextStart ?? firstOpenPeriod(plan).start;
  switch (one.deed) {
    case 'wait':
      history.on(addDays(history.day, one.days));
      return;
    case 'record':
      history.records(contentOf(history, one.content));
      return;
    case 'amend':
      if (live.length > 0) history.amends(live[one.which % live.length] ?? '', contentOf(history, one.content));
      return;
    case 'void':
      if (live.length > 0) history.voids(live[one.which % live.length] ?? '');
      return;
    case 'close': {
      const { start, nextStart: end } = firstOpenPeriod(plan);
      if (end <= history.day && planFor(plan, start) !== undefined) history.closes();
      return;
    }
    case 'reopen':
      if (plan.closed.length > 0) history.reopens();
      return;
    case 'plan': {
      const fixed = Object.fromEntries(one.fixed.map((planned, index) => [FIXED[index] ?? '', planned]));
      history.plans({ income: one.income * 8, savings: one.savings, fixed }, openPeriodNear(history, one.offset));
      return;
    }
    case 'settle': {
      const [period, categoryId] = [openPeriodNear(history, one.offset), FIXED[one.place] ?? FIXED[0]];
      const key = String(history.document.fixedCategories.indexOf(categoryId));
      if (plan.settled[period]?.includes(key) !== true) history.settles(categoryId, period);
      return;
    }
    case 'startDay':
      if (plan.calendar.at(-1)?.startDay !== one.startDay) history.startsMonthsOn(one.startDay);
      return;
    case 'zone': {
      const before = plan.zones.at(-1)?.timeZone ?? '';
      const timeZone = { before, after: ZONES[one.place] ?? ZONES[0], from: one.atOnce ? history.day : nextStart };
      if (timeZone.before !== timeZone.after) history.changes({ timeZone });
      return;
    }
    case 'endPolicy':
      if (plan.endPolicy !== one.endPolicy) history.changes({ endPolicy: { before: plan.endPolicy, after: one.endPolicy } });
      return;
    default:
      throw new Error(`unknown deed ${JSON.stringify(one satisfies never)}`);
  }
}

function contentOf(history: FamilyHistory, { kind, amount: paid, offset: days, place: which }: typeof content extends fc.Arbitrary<infer One> ? One : never): TransactionContent {
  const date = dayNear(history, days);
  switch (kind) {
    case 'refund':
      return spending(date, paid, { type: 'refund' });
    case 'fixed':
      return spending(date, paid, { kind: 'fixed', categoryId: FIXED[which] ?? FIXED[0] });
    case 'saving':
      return spending(date, paid, { kind: 'savings' });
    case 'income':
      return income(date, paid * 5);
    case 'extra':
      return income(date, paid, 'extra');
    case 'spend':
      return spending(date, paid, { timing: date > history.day ? 'committed' : 'posted' });
    default:
      throw new Error(`unknown kind ${JSON.stringify(kind satisfies never)}`);
  }
}

function dayNear(history: FamilyHistory, days: number): CivilDate {
  const start = history.document.plan.calendar[0]?.from ?? parseCivilDate('2026-01-01');
  const date = addDays(history.day, days);
  return daysBetween(start, date) < 0 ? start : date;
}

function openPeriodNear(history: FamilyHistory, days: number): CivilDate {
  const { plan } = history.document;
  const period = periodOf(plan.calendar, dayNear(history, days))?.start;
  const firstOpen = firstOpenPeriod(plan).start;
  return period === undefined || period < firstOpen ? firstOpen : period;
}
