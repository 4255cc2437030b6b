import { formatMoney, parseCurrency, type CivilDate, type DaybookError } from '@daybook/kernel';
import { amountOf, type AmountText } from '../amount-input.js';
import { isCategoryKind, type LineKind, type Timing } from '../budget/policies.js';
import { lastAcceptedDate } from '../date-range.js';
import type { FamilyInSight } from '../family/authority.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { refusalOf } from '../refusal.js';
import type { Entry } from './commands.js';
import type { TransactionContent } from './events.js';

export interface ContentRules {
  readonly familyId: string;
  readonly family: FamilyInSight;
  readonly today: CivilDate;
  readonly actor: string;
  /**
   * What is not asked again: categories are archived and members leave after they were named, and what is corrected
   * must not be refused for what stays.
   */
  readonly kept: { readonly content: TransactionContent | null; readonly categoryId: string | null };
}

/** What an entry says in the words of the ledger; refuses what the family's rules do not allow. */
export function contentOf(entry: Entry, rules: ContentRules): TransactionContent {
  const { currency } = rules.family.plan.budget;
  const amountMinor = String(amountOf(entry.amount, currency, '/amount'));
  requireDate(entry.date, rules);
  const { categoryId, kind } = lineOf(entry, rules);
  const money = { amountMinor, currency };
  return {
    type: entry.type,
    date: entry.date,
    timing: timingOf(entry.date, kind, rules),
    incomeKind: incomeKindOf(entry),
    money,
    base: amountMinor,
    lines: [{ lineId: 0, categoryId, kind, money, base: amountMinor }],
    description: entry.description,
    paidBy: payerOf(entry, rules),
    originalTransactionId: entry.type === 'refund' ? entry.originalTransactionId : null,
  };
}

/** Changes laid over what is there, as if somebody had said all of it anew; what no longer fits its type is dropped. */
export function amendedEntry(current: TransactionContent, changes: Partial<Entry>): Entry {
  const type = changes.type ?? current.type;
  const { amountMinor, currency } = current.money;
  const said = {
    type,
    date: current.date,
    amount: formatMoney({ amountMinor: BigInt(amountMinor), currency: parseCurrency(currency) }) as AmountText,
    category: type === 'income' ? null : categoryOf(current),
    incomeKind: type === 'income' ? current.incomeKind : null,
    paidBy: current.paidBy,
    description: current.description,
    originalTransactionId: current.originalTransactionId,
  };
  return { ...said, ...changes };
}

/** Null for income. */
export function categoryOf({ lines }: TransactionContent): string | null {
  return lines[0]?.categoryId ?? null;
}

export function categoryIdOf(familyId: string, category: string): string {
  return isCategoryKind(category) ? defaultCategoryId(familyId, category) : category;
}

export function incomeKindOf({ type, incomeKind }: Entry): TransactionContent['incomeKind'] {
  if (type === 'income') return incomeKind ?? 'planned';
  if (incomeKind === null) return null;
  throw wrongField('/incomeKind', 'not_an_income', 'is for income alone');
}

export function wrongField(pointer: string, rule: string, message: string): DaybookError {
  return refusalOf('VALIDATION_FAILED', { pointer, rule, message });
}

function requireDate(date: CivilDate, { family, today, kept }: ContentRules): void {
  if (date === kept.content?.date) return;
  const pointer = '/date';
  const first = family.membership.created.budgetStartDate;
  if (date < first) throw refusalOf('BEFORE_BUDGET_START', { pointer, rule: 'before_budget_start', message: `must be ${first} or later` });
  const last = lastAcceptedDate(today);
  if (date > last) throw refusalOf('DATE_OUT_OF_RANGE', { pointer, rule: 'out_of_range', message: `must be ${last} or earlier` });
}

function lineOf(entry: Entry, rules: ContentRules): { readonly categoryId: string | null; readonly kind: LineKind } {
  if (entry.type === 'income') {
    if (entry.category === null) return { categoryId: null, kind: 'income' };
    throw wrongField('/category', 'no_category_for_income', 'must be left out for income, which has no categories');
  }
  if (entry.category === null) throw wrongField('/category', 'required', 'is required');
  const categoryId = categoryIdOf(rules.familyId, entry.category);
  const category = rules.family.plan.categories[categoryId];
  if (category === undefined) throw wrongField('/category', 'unknown_category', 'must be a category of the family');
  if (!category.isArchived || categoryId === rules.kept.categoryId) return { categoryId, kind: category.kind };
  throw refusalOf('CATEGORY_ARCHIVED', { pointer: '/category', rule: 'category_archived', message: 'is archived' });
}

/** Decided once, when a variable line gets its date: what is still to come then is committed (rule R11). */
function timingOf(date: CivilDate, kind: LineKind, { today, kept: { content } }: ContentRules): Timing {
  if (kind !== 'variable') return 'posted';
  if (content?.date === date && content.lines[0]?.kind === 'variable') return content.timing;
  return date > today ? 'committed' : 'posted';
}

function payerOf(entry: Entry, { actor, family, kept }: ContentRules): string {
  const payer = entry.paidBy ?? actor;
  if (payer === kept.content?.paidBy || Object.hasOwn(family.membership.members, payer)) return payer;
  throw wrongField('/paidBy', 'not_a_member', 'must be a member of the family');
}
