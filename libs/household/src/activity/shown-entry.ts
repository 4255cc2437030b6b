import { formatMoney, type CurrencyCode } from '@daybook/kernel';
import type { Sealer } from '@daybook/platform';
import type { FamilyEvent, HouseholdEvent } from '../family/family-events.js';
import type { LedgerEvent } from '../ledger/events.js';
import { familyNameField, periodReasonField } from '../sealed-fields.js';
import { shownPlan } from '../shown-plan.js';
import { shownCategoryName, shownText, shownTextOrNull } from '../shown-text.js';
import type { ActivityEntry } from './contracts.js';
import { shownLedgerEntry } from './shown-ledger-entry.js';

type Details<Entry> = Entry extends unknown ? Omit<Entry, 'position' | 'at' | 'on' | 'actor'> : never;
export type EntryDetails = Details<ActivityEntry>;

export interface EntryParts {
  readonly familyId: string;
  readonly currency: CurrencyCode;
  readonly sealer: Sealer;
}

/** What happened, as members see it. */
export async function shownEntry(event: HouseholdEvent, parts: EntryParts): Promise<EntryDetails> {
  return isLedgerEvent(event) ? shownLedgerEntry(event, parts) : shownFamilyEntry(event, parts);
}

function isLedgerEvent(event: HouseholdEvent): event is LedgerEvent {
  return event.type === 'TransactionRecorded' || event.type === 'TransactionAmended' || event.type === 'TransactionVoided';
}

async function shownFamilyEntry(event: FamilyEvent, parts: EntryParts): Promise<EntryDetails> {
  const { familyId, sealer } = parts;
  switch (event.type) {
    case 'FamilyCreated': {
      const { name, familyId: _familyId, ...created } = event.data;
      return { type: 'familyCreated', name: await shownText(sealer, name, familyNameField(familyId)), ...created };
    }
    case 'MemberJoined':
      return { type: 'memberJoined', userId: event.data.userId, role: event.data.role };
    case 'FamilySettingsChanged':
      return shownSettings(event.data, parts);
    case 'BudgetPlanSet':
      return shownPlanSet(event.data, parts);
    case 'CategoryAdded': {
      const { categoryId, kind } = event.data;
      return { type: 'categoryAdded', categoryId, kind, name: await shownCategoryName(sealer, familyId, event.data) };
    }
    case 'CategoryRenamed': {
      const { categoryId } = event.data;
      const nameOf = async (name: typeof event.data.before) => shownCategoryName(sealer, familyId, { categoryId, name });
      return { type: 'categoryRenamed', categoryId, before: await nameOf(event.data.before), after: await nameOf(event.data.after) };
    }
    case 'CategoryArchived':
      return { type: 'categoryArchived', ...event.data };
    case 'CategoryRestored':
      return { type: 'categoryRestored', ...event.data };
    case 'FixedItemSettled':
      return { type: 'fixedItemSettled', ...event.data };
    case 'PeriodClosed': {
      const { period, endPolicy, reason, shown } = event.data;
      return { type: 'periodClosed', period, endPolicy, ...(await shownReason(reason, period, parts)), shown: shownFigures(shown, parts) };
    }
    case 'PeriodReopened': {
      const { period, reason } = event.data;
      return { type: 'periodReopened', period, ...(await shownReason(reason, period, parts)) };
    }
    default:
      throw new Error(`activity does not know ${JSON.stringify(event satisfies never)}`);
  }
}

type DataOf<Type extends FamilyEvent['type']> = Extract<FamilyEvent, { type: Type }>['data'];

async function shownSettings(changes: DataOf<'FamilySettingsChanged'>, { familyId, sealer }: EntryParts): Promise<EntryDetails> {
  const { name, timeZone, startDay, endPolicy } = changes;
  const others = { ...(timeZone && { timeZone }), ...(startDay && { startDay }), ...(endPolicy && { endPolicy }) };
  if (name === undefined) return { type: 'familySettingsChanged', ...others };
  const field = familyNameField(familyId);
  const shown = { before: await shownText(sealer, name.before, field), after: await shownText(sealer, name.after, field) };
  return { type: 'familySettingsChanged', name: shown, ...others };
}

function shownPlanSet({ fixed, fromVersion, ...plan }: DataOf<'BudgetPlanSet'>, { currency }: EntryParts): EntryDetails {
  const planned = Object.fromEntries(fixed.map((item) => [item.categoryId, item.planned]));
  return { type: 'budgetPlanSet', version: fromVersion + 1, plan: shownPlan({ ...plan, fixed: planned }, currency) };
}

async function shownReason(reason: DataOf<'PeriodReopened'>['reason'], period: string, { familyId, sealer }: EntryParts) {
  return { reason: await shownTextOrNull(sealer, reason, periodReasonField(familyId, period)) };
}

function shownFigures(figures: DataOf<'PeriodClosed'>['shown'], { currency }: EntryParts) {
  if (figures === null) return null;
  const amount = (minor: string): string => formatMoney({ amountMinor: BigInt(minor), currency });
  return { pool: amount(figures.pool), spent: amount(figures.spent), surplus: amount(figures.surplus) };
}
