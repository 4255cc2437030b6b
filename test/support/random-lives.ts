import { addDays, parseCivilDate, type CivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { periodOf } from '../../libs/household/src/budget/calendar.js';
import { firstOpenPeriod } from '../../libs/household/src/budget/carry.js';
import type { EndPolicy } from '../../libs/household/src/budget/policies.js';
import type { TransactionContent } from '../../libs/household/src/ledger/events.js';
import { income, spending } from './budget-events.js';
import { FamilyHistory } from './family-history.js';

/** Lives of families as they come: entries for past and coming days, changed plans, months closed and reopened. */

const FIXED = ['rent', 'power', 'phone'] as const;
const KINDS = ['spent', 'spent', 'refunded', 'planned', 'extra', 'rent', 'power', 'saved'] as const;
const BEGINNING = '2026-01-12';

/** How often a law is tried. Where a fault was planted on purpose, far fewer lives have to meet it. */
export function tries(count: number): { readonly numRuns: number } {
  return { numRuns: process.env['DAYBOOK_MUTANT'] === undefined ? count : Math.ceil(count / 20) };
}

export interface Entry {
  readonly kind: (typeof KINDS)[number];
  readonly amount: number;
  /** Days before or after the day it is written down on. */
  readonly distance: number;
}

export type Deed =
  | { readonly does: 'record'; readonly entry: Entry }
  | { readonly does: 'amend'; readonly pick: number; readonly entry: Entry }
  | { readonly does: 'void'; readonly pick: number }
  | { readonly does: 'plan'; readonly income: number; readonly savings: number; readonly rent: number; readonly power: number }
  | { readonly does: 'settle'; readonly category: (typeof FIXED)[number] }
  | { readonly does: 'changeStartDay'; readonly startDay: number }
  | { readonly does: 'close' | 'reopen' | 'nothing' };

export interface Step {
  /** Days that pass before. */
  readonly days: number;
  readonly deed: Deed;
}

const amounts = fc.integer({ min: 0, max: 90_000 });

export const entries: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constantFrom(...KINDS),
  amount: amounts,
  distance: fc.integer({ min: -75, max: 75 }),
});

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('record' as const), entry: entries }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('amend' as const), pick: fc.nat(), entry: entries }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('void' as const), pick: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('close' as const, 'close' as const, 'reopen' as const) }) },
  fc.record({ does: fc.constant('settle' as const), category: fc.constantFrom(...FIXED) }),
  fc.record({ does: fc.constant('changeStartDay' as const), startDay: fc.integer({ min: 1, max: 31 }) }),
  fc.record({ does: fc.constant('plan' as const), income: amounts, savings: amounts, rent: amounts, power: amounts }),
);

export const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ days: fc.nat(25), deed: deeds }), { maxLength: 20, size: 'max' });
export const startDays = fc.integer({ min: 1, max: 31 });

export interface Family {
  readonly startDay: number;
  readonly endPolicy: EndPolicy;
}

export const familiesCarrying = (...endPolicies: readonly EndPolicy[]): fc.Arbitrary<Family> =>
  fc.record({ startDay: startDays, endPolicy: fc.constantFrom(...endPolicies) });

export function lifeOf(family: Family, taken: readonly Step[]): FamilyHistory {
  const life = new FamilyHistory({ ...family, budgetStartDate: BEGINNING }).plans({ fixed: { rent: 120_000, power: 9_000, phone: 2_500 } });
  for (const { days, deed } of taken) does(life.on(addDays(life.day, days)), deed);
  return life;
}

/** What is impossible at this moment is left undone. */
export function does(life: FamilyHistory, deed: Deed): void {
  switch (deed.does) {
    case 'record':
      life.records(contentOf(deed.entry, life.day));
      return;
    case 'amend': {
      const name = picked(life, deed.pick);
      if (name !== undefined) life.amends(name, contentOf(deed.entry, life.day));
      return;
    }
    case 'void': {
      const name = picked(life, deed.pick);
      if (name !== undefined) life.voids(name);
      return;
    }
    case 'plan':
      life.plans({ income: deed.income, savings: deed.savings, fixed: { rent: deed.rent, power: deed.power } });
      return;
    case 'settle':
      life.settles(deed.category);
      return;
    case 'changeStartDay':
      life.startsMonthsOn(deed.startDay);
      return;
    case 'close':
      if (firstOpenPeriod(life.document.plan).nextStart <= life.day) life.closes();
      return;
    case 'reopen':
      if (life.document.plan.closed.length > 0) life.reopens();
      return;
    case 'nothing':
      return;
    default:
      throw new Error(`unknown deed ${JSON.stringify(deed satisfies never)}`);
  }
}

export function contentOf({ kind, amount, distance }: Entry, on: CivilDate): TransactionContent {
  const wanted = addDays(on, distance);
  const date = wanted < BEGINNING ? parseCivilDate(BEGINNING) : wanted;
  const timing = date > on ? 'committed' : 'posted';
  switch (kind) {
    case 'spent':
      return spending(date, amount, { timing });
    case 'refunded':
      return spending(date, amount, { type: 'refund', timing });
    case 'planned':
    case 'extra':
      return income(date, amount, kind);
    case 'saved':
      return spending(date, amount, { kind: 'savings' });
    case 'rent':
    case 'power':
      return spending(date, amount, { kind: 'fixed', categoryId: kind });
    default:
      throw new Error(`unknown kind ${JSON.stringify(kind satisfies never)}`);
  }
}

function picked(life: FamilyHistory, pick: number): string | undefined {
  const names = [...life.live.keys()];
  return names[pick % Math.max(1, names.length)];
}

export function runningPeriod(life: FamilyHistory) {
  const period = periodOf(life.document.plan.calendar, life.day);
  if (period === undefined) throw new Error('a life begins with the budget');
  return period;
}
