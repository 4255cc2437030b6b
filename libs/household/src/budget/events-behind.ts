import type { CivilDate } from '@daybook/kernel';
import type { LedgerEvent, TransactionContent } from '../household-events.js';
import { planFor } from './budget-plan.js';
import { periodOf, type BudgetPeriod } from './calendar.js';
import { firstOpenPeriod } from './carry.js';
import type { BudgetDocument } from './document.js';
import { evolveBudget, type BudgetEvent } from './fold-budget.js';
import { addEntry, entriesOf, isNothing, NO_SUMS, type Entry, type Sums } from './sums.js';

/** An event of the family as its audit log keeps it; more may stand in it. */
export type KnownEvent = BudgetEvent & { readonly id: string };

type Written = { readonly content: TransactionContent; readonly events: readonly string[] };
/** What one transaction changed in a closed period, for one period that was open then. */
type LateChange = { readonly source: CivilDate; readonly target: CivilDate; readonly sums: Sums; readonly events: readonly string[] };

/** A family's budget folded with a memory: every number of it can name the events it comes from. */
export class EventsBehind {
  private folded: BudgetDocument | null = null;
  private readonly written = new Map<string, Written>();
  private readonly plans = new Map<string, string>();
  private readonly settled = new Map<string, string>();
  private readonly closings = new Map<string, string>();
  private readonly late = new Map<string, LateChange>();

  /** The family's events in their order, from its creation on. */
  constructor(events: readonly KnownEvent[]) {
    for (const event of events) this.add(event);
  }

  get document(): BudgetDocument {
    if (this.folded === null) throw new Error('a family without events has no budget');
    return this.folded;
  }

  /** What every day adds up to. */
  get days(): ReadonlyMap<string, Sums> {
    const days = new Map<string, Sums>();
    for (const { content } of this.written.values()) {
      days.set(content.date, addEntry(days.get(content.date) ?? NO_SUMS, { content, sign: 1 }));
    }
    return days;
  }

  /** All events of the transactions in these days that still count, and count there for what `counts` looks for. */
  transactions(first: CivilDate, last: CivilDate, counts: (sums: Sums) => boolean = () => true): string[] {
    const inside = [...this.written.values()].filter(({ content }) => first <= content.date && content.date <= last);
    return inside.filter(({ content }) => counts(addEntry(NO_SUMS, { content, sign: 1 }))).flatMap(({ events }) => events);
  }

  /** The plan that counts for a period. */
  plan({ start }: BudgetPeriod): string[] {
    return this.known(this.plans, planFor(this.document.plan, start)?.period ?? '');
  }

  settlement({ start }: BudgetPeriod, categoryId: string): string[] {
    return this.known(this.settled, `${start}/${categoryId}`);
  }

  settlements({ start }: BudgetPeriod): string[] {
    return [...this.settled].flatMap(([key, event]) => (key.startsWith(`${start}/`) ? [event] : []));
  }

  closing(period: CivilDate): string[] {
    return this.known(this.closings, period);
  }

  /** What came late into a closed period, and changed the pool of another one. */
  lateChanges(source: CivilDate, { start, nextStart }: BudgetPeriod): string[] {
    const changes = [...this.late.values()].filter((one) => one.source === source && start <= one.target && one.target < nextStart);
    return changes.flatMap(({ events }) => events);
  }

  private add(event: KnownEvent): void {
    const before = this.folded;
    this.folded = evolveBudget(before, event);
    switch (event.type) {
      case 'TransactionRecorded':
      case 'TransactionAmended':
      case 'TransactionVoided':
        this.addTransaction(event, event.id);
        return;
      case 'BudgetPlanSet':
        this.plans.set(event.data.period, event.id);
        return;
      case 'FixedItemSettled':
        this.settled.set(`${event.data.period}/${event.data.categoryId}`, event.id);
        return;
      case 'PeriodClosed':
        this.closings.set(event.data.period, event.id);
        return;
      case 'PeriodReopened':
        for (const [key, { source }] of this.late) if (source === event.data.period) this.late.delete(key);
        return;
      case 'FamilyCreated':
      case 'MemberJoined':
      case 'CategoryAdded':
      case 'CategoryRenamed':
      case 'CategoryArchived':
      case 'CategoryRestored':
      case 'FamilySettingsChanged':
        return;
      default:
        throw new Error(`unknown household event ${JSON.stringify(event satisfies never)}`);
    }
  }

  private addTransaction(event: LedgerEvent, id: string): void {
    const { transactionId } = event.data;
    for (const entry of entriesOf(event)) this.addLate(transactionId, entry, id);
    // What was written down late and taken back late leaves nothing to explain.
    for (const [key, { sums }] of this.late) if (isNothing(sums)) this.late.delete(key);
    const events = [...(this.written.get(transactionId)?.events ?? []), id];
    if (event.type === 'TransactionVoided') this.written.delete(transactionId);
    else this.written.set(transactionId, { content: event.type === 'TransactionRecorded' ? event.data : event.data.after, events });
  }

  private addLate(transactionId: string, entry: Entry, id: string): void {
    const { plan, closings } = this.document;
    const source = periodOf(plan.calendar, entry.content.date)?.start;
    if (source === undefined || closings[source] === undefined) return;
    const target = firstOpenPeriod(plan).start;
    const key = `${transactionId}/${source}/${target}`;
    const known = this.late.get(key);
    const sums = addEntry(known?.sums ?? NO_SUMS, entry);
    this.late.set(key, { source, target, sums, events: [...new Set([...(known?.events ?? []), id])] });
  }

  private known(events: ReadonlyMap<string, string>, key: string): string[] {
    const event = events.get(key);
    return event === undefined ? [] : [event];
  }
}
