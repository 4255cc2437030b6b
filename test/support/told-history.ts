import { formatInstant, monthOf, parseInstant, type CivilMonth } from '@daybook/kernel';
import type { Position } from '@daybook/eventsourcing';
import { familyStream, ledgerStream } from '../../libs/household/src/family/family-stream.js';
import type { BudgetEvent } from '../../libs/household/src/budget/fold-budget.js';
import type { HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import { HOME } from './budget-events.js';
import type { HouseholdRig } from './household-rig.js';

/** An event of a history, where it was written and when. */
export interface Told {
  readonly event: BudgetEvent;
  readonly position: Position;
  readonly recordedAt: string;
}

/** The hour at which it is the same day in every zone the tests use. */
export const SAME_DAY_EVERYWHERE = 'T10:00:00.000Z';

/** Writes histories of HOME into the log as those of another family, a second an event, each on its day. */
export class Narrator {
  readonly told: Told[] = [];
  private readonly months = new Map<string, CivilMonth>();

  constructor(
    private readonly rig: HouseholdRig,
    readonly familyId: string = HOME,
  ) {}

  /** What of it has not been told yet. */
  async tell(events: readonly BudgetEvent[]): Promise<void> {
    for (const { on, ...own } of events.slice(this.told.length)) {
      const event = JSON.parse(JSON.stringify(own).replaceAll(HOME, this.familyId)) as HouseholdEvent;
      const recordedAt = formatInstant(parseInstant(`${on}${SAME_DAY_EVERYWHERE}`) + this.told.length * 1_000);
      const position = await this.rig.givenUnder({ on, recordedAt }, this.streamOf(event), event);
      this.told.push({ event: { ...event, on }, position, recordedAt });
    }
  }

  /** A transaction lives in the month of the date it was created with. */
  private streamOf(event: HouseholdEvent): string {
    if (event.type === 'TransactionRecorded') this.months.set(event.data.transactionId, monthOf(event.data.date));
    const isEntry = event.type === 'TransactionRecorded' || event.type === 'TransactionAmended' || event.type === 'TransactionVoided';
    const month = isEntry ? this.months.get(event.data.transactionId) : undefined;
    return month === undefined ? familyStream(this.familyId) : ledgerStream(this.familyId, month);
  }
}
