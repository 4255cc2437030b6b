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
const SAME_DAY_EVERYWHERE = 'T10:00:00.000Z';

/** Writes a history of HOME into the log as the one of this family, a second an event, each on its day. */
export async function tell(
  rig: HouseholdRig,
  events: readonly BudgetEvent[],
  { familyId = HOME, actor = 'ada' }: { readonly familyId?: string; readonly actor?: string } = {},
): Promise<Told[]> {
  const months = new Map<string, CivilMonth>();
  const told: Told[] = [];
  for (const [index, { on, ...own }] of events.entries()) {
    const event = JSON.parse(JSON.stringify(own).replaceAll(HOME, familyId)) as HouseholdEvent;
    const recordedAt = formatInstant(parseInstant(`${on}${SAME_DAY_EVERYWHERE}`) + index * 1_000);
    const position = await rig.givenUnder({ on, recordedAt, actor }, streamOf(event, familyId, months), event);
    told.push({ event: { ...event, on }, position, recordedAt });
  }
  return told;
}

/** A transaction lives in the month of the date it was created with. */
function streamOf(event: HouseholdEvent, familyId: string, months: Map<string, CivilMonth>): string {
  if (event.type === 'TransactionRecorded') months.set(event.data.transactionId, monthOf(event.data.date));
  const isEntry = event.type === 'TransactionRecorded' || event.type === 'TransactionAmended' || event.type === 'TransactionVoided';
  const month = isEntry ? months.get(event.data.transactionId) : undefined;
  return month === undefined ? familyStream(familyId) : ledgerStream(familyId, month);
}
