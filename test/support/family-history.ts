import { parseCivilDate, type CivilDate } from '@daybook/kernel';
import { periodOf } from '../../libs/household/src/budget/calendar.js';
import { firstOpenPeriod } from '../../libs/household/src/budget/carry.js';
import { dailyBudget, type DailyBudget } from '../../libs/household/src/budget/daily-budget.js';
import type { BudgetDocument } from '../../libs/household/src/budget/document.js';
import { evolveBudget, type BudgetEvent } from '../../libs/household/src/budget/fold-budget.js';
import { addEntry, entriesOf, NO_SUMS, type Sums } from '../../libs/household/src/budget/sums.js';
import type { HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import type { TransactionContent } from '../../libs/household/src/ledger/events.js';
import { amended, familyCreated, income, recorded, spending, voided } from './budget-events.js';

type FamilyCreated = Extract<HouseholdEvent, { type: 'FamilyCreated' }>['data'];
type SettingsChanged = Extract<HouseholdEvent, { type: 'FamilySettingsChanged' }>['data'];
type Amounts = { readonly income?: number; readonly fixed?: number; readonly savings?: number };
type Live = { content: TransactionContent; version: number };

/**
 * A family's life as a story: `new FamilyHistory().on('2026-04-01').spends(10_000)`. Each deed becomes the events that
 * the commands would make of it, on the day the story has reached, and the folds follow.
 */
export class FamilyHistory {
  readonly events: BudgetEvent[] = [];
  readonly live = new Map<string, Live>();
  /** What every day adds up to, as its rows hold it. */
  readonly days = new Map<string, Sums>();
  private today: CivilDate;
  private folded: BudgetDocument | null = null;
  private names = 0;
  private plansSet: number;
  private amounts: Amounts;

  constructor(
    family: Partial<Omit<FamilyCreated, 'budgetStartDate'>> & { readonly budgetStartDate?: string; readonly on?: string } = {},
    /** Of its first plan; null for none. */
    amounts: Amounts | null = {},
  ) {
    const { on, ...created } = family;
    this.today = parseCivilDate(on ?? created.budgetStartDate ?? '2026-04-01');
    this.amounts = amounts ?? {};
    const born = familyCreated(created, this.amounts);
    this.plansSet = amounts === null ? 0 : 1;
    this.happens(...(amounts === null ? born.filter(({ type }) => type !== 'BudgetPlanSet') : born));
  }

  get document(): BudgetDocument {
    if (this.folded === null) throw new Error('a history begins with a family');
    return this.folded;
  }

  get day(): CivilDate {
    return this.today;
  }

  on(date: string): this {
    this.today = parseCivilDate(date);
    return this;
  }

  happens(...events: readonly HouseholdEvent[]): this {
    for (const event of events) {
      const dated = { ...event, on: this.today };
      this.events.push(dated);
      this.folded = evolveBudget(this.folded, dated);
      addToDays(this.days, event);
    }
    return this;
  }

  records(content: TransactionContent, name = `entry ${(this.names += 1)}`): this {
    this.live.set(name, { content, version: 1 });
    return this.happens(recorded(name, content));
  }

  /** A variable line dated after today is committed, as the ledger decides it. */
  spends(amount: number, date: string = this.today, name?: string): this {
    return this.records(spending(date, amount, { timing: date > this.today ? 'committed' : 'posted' }), name);
  }

  isRefunded(amount: number, date: string = this.today): this {
    return this.records(spending(date, amount, { type: 'refund' }));
  }

  earns(amount: number, kind: 'planned' | 'extra' = 'planned', date: string = this.today): this {
    return this.records(income(date, amount, kind));
  }

  pays(amount: number, categoryId?: string, date: string = this.today): this {
    return this.records(spending(date, amount, { kind: 'fixed', ...(categoryId !== undefined && { categoryId }) }));
  }

  saves(amount: number, date: string = this.today): this {
    return this.records(spending(date, amount, { kind: 'savings' }));
  }

  amends(name: string, after: TransactionContent): this {
    const { content, version } = this.liveOne(name);
    this.live.set(name, { content: after, version: version + 1 });
    return this.happens(amended(name, version, content, after));
  }

  voids(name: string): this {
    const { content, version } = this.liveOne(name);
    this.live.delete(name);
    return this.happens(voided(name, version, content));
  }

  /** For the period that runs, as the single amounts say; `fixed` is the plan of each fixed category. */
  plans(change: { readonly income?: number; readonly savings?: number; readonly fixed?: Readonly<Record<string, number>> }, period?: string): this {
    this.amounts = { ...this.amounts, ...change, fixed: 0 };
    const { income: planned = 500_000, savings = 50_000 } = this.amounts;
    const before = this.document.plan.plans.at(-1)?.fixed ?? {};
    const kept = Object.entries(before).map(([key, amount]) => [this.document.fixedCategories[Number(key)] ?? key, Number(amount)] as const);
    const fixed = Object.entries(change.fixed ?? Object.fromEntries(kept));
    const data = {
      period: period === undefined ? this.runningPeriod() : parseCivilDate(period),
      income: String(planned),
      savings: String(savings),
      fixed: fixed.map(([categoryId, amount]) => ({ categoryId, planned: String(amount) })),
      fromVersion: this.plansSet,
    };
    this.plansSet += 1;
    return this.happens({ type: 'BudgetPlanSet', data });
  }

  settles(categoryId: string, period?: string): this {
    const data = { period: period === undefined ? this.runningPeriod() : parseCivilDate(period), categoryId };
    return this.happens({ type: 'FixedItemSettled', data });
  }

  /** Closes the oldest open period. */
  closes(): this {
    const { start } = firstOpenPeriod(this.document.plan);
    return this.happens({
      type: 'PeriodClosed',
      data: { period: start, endPolicy: this.document.plan.endPolicy, reason: null, shown: null },
    });
  }

  /** Reopens the newest closed period. */
  reopens(): this {
    const period = this.document.plan.closed.at(-1);
    if (period === undefined) throw new Error('no period is closed');
    return this.happens({ type: 'PeriodReopened', data: { period, reason: null } });
  }

  /** Asks for another start day, which counts from the next period on. */
  startsMonthsOn(startDay: number): this {
    const { calendar } = this.document.plan;
    const from = periodOf(calendar, this.today)?.nextStart ?? calendar[0]?.from;
    if (from === undefined) throw new Error('a budget has a calendar');
    return this.changes({ startDay: { before: calendar.at(-1)?.startDay ?? 1, after: startDay, from } });
  }

  changes(data: SettingsChanged): this {
    return this.happens({ type: 'FamilySettingsChanged', data });
  }

  /** The number of a day, as it is known now. */
  asks(date: string, today: string = this.today): DailyBudget {
    return dailyBudget({ document: this.document, days: this.days, date: parseCivilDate(date), today: parseCivilDate(today) });
  }

  private runningPeriod(): CivilDate {
    const { calendar } = this.document.plan;
    const start = periodOf(calendar, this.today)?.start ?? calendar[0]?.from;
    if (start === undefined) throw new Error('a budget has a calendar');
    return start;
  }

  private liveOne(name: string): Live {
    const one = this.live.get(name);
    if (one === undefined) throw new Error(`nothing named ${name} is recorded`);
    return one;
  }
}

/** What every day adds up to after these events. */
export function daysOfEvents(events: readonly HouseholdEvent[]): ReadonlyMap<string, Sums> {
  const days = new Map<string, Sums>();
  for (const event of events) addToDays(days, event);
  return days;
}

function addToDays(days: Map<string, Sums>, event: HouseholdEvent): void {
  if (event.type !== 'TransactionRecorded' && event.type !== 'TransactionAmended' && event.type !== 'TransactionVoided') return;
  for (const entry of entriesOf(event)) {
    const { date } = entry.content;
    const sums = addEntry(days.get(date) ?? NO_SUMS, entry);
    if (sums.entries === 0) days.delete(date);
    else days.set(date, sums);
  }
}
