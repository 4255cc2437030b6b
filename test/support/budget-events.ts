import { parseCivilDate, uuidV5 } from '@daybook/kernel';
import type { HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import { defaultCategoryId } from '../../libs/household/src/family/default-categories.js';
import type { LedgerEvent, TransactionContent } from '../../libs/household/src/ledger/events.js';

/** The family of the base case of the vectors, and short names for what happens to its budget. */
export const HOME = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

type DataOf<Type extends HouseholdEvent['type']> = Extract<HouseholdEvent, { type: Type }>['data'];
type Content<Kind extends TransactionContent['lines'][number]['kind']> = Partial<TransactionContent> & {
  readonly kind?: Kind;
  readonly categoryId?: string;
};

/** Made once each: random histories ask for them very often. */
const DEFAULT_CATEGORIES = {
  fixed: defaultCategoryId(HOME, 'fixed'),
  variable: defaultCategoryId(HOME, 'variable'),
  savings: defaultCategoryId(HOME, 'savings'),
};
const transactionIds = new Map<string, string>();

const sealed = { sealed: 1, subject: 'ada', data: 'c2VhbGVk' } as const;

/** What a family is born with in one append: euros, London, the first of April 2026, 5000.00 − 2000.00 − 500.00. */
export function familyCreated(
  change: Omit<Partial<DataOf<'FamilyCreated'>>, 'budgetStartDate'> & { readonly budgetStartDate?: string } = {},
  plan: { readonly income?: number; readonly fixed?: number; readonly savings?: number } = {},
): HouseholdEvent[] {
  const { familyId = HOME, budgetStartDate = '2026-04-01' } = change;
  const starts = parseCivilDate(budgetStartDate);
  const created: DataOf<'FamilyCreated'> = {
    name: sealed,
    currency: 'EUR',
    timeZone: 'Europe/London',
    startDay: 1,
    carryMode: 'redistribute',
    endPolicy: 'carryBoth',
    ...change,
    familyId,
    budgetStartDate: starts,
  };
  return [
    { type: 'FamilyCreated', data: created },
    { type: 'MemberJoined', data: { userId: 'ada', role: 'manager', via: 'founding' } },
    ...(['fixed', 'variable', 'savings'] as const).map((kind): HouseholdEvent => {
      return { type: 'CategoryAdded', data: { categoryId: defaultCategoryId(familyId, kind), kind, name: null } };
    }),
    planSet(starts, plan, 0, familyId),
  ];
}

export function planSet(
  period: string,
  { income = 500_000, fixed = 200_000, savings = 50_000 }: { readonly income?: number; readonly fixed?: number; readonly savings?: number },
  fromVersion: number,
  familyId = HOME,
): HouseholdEvent {
  return {
    type: 'BudgetPlanSet',
    data: {
      period: parseCivilDate(period),
      income: String(income),
      fixed: [{ categoryId: defaultCategoryId(familyId, 'fixed'), planned: String(fixed) }],
      savings: String(savings),
      fromVersion,
    },
  };
}

/** A variable expense; `change` makes anything else of it. */
export function spending(date: string, amount: number, change: Content<'variable' | 'fixed' | 'savings'> = {}): TransactionContent {
  const { kind = 'variable', categoryId = DEFAULT_CATEGORIES[kind], ...others } = change;
  const money = { amountMinor: String(amount), currency: 'EUR' };
  return {
    type: 'expense',
    date: parseCivilDate(date),
    timing: 'posted',
    incomeKind: null,
    money,
    base: String(amount),
    lines: [{ lineId: 0, categoryId, kind, money, base: String(amount) }],
    description: null,
    paidBy: 'ada',
    originalTransactionId: null,
    ...others,
  };
}

export function income(date: string, amount: number, incomeKind: 'planned' | 'extra' = 'planned'): TransactionContent {
  const [line] = spending(date, amount).lines;
  const lines = line === undefined ? [] : [{ ...line, categoryId: null, kind: 'income' as const }];
  return spending(date, amount, { type: 'income', incomeKind, lines });
}

export function recorded(name: string, content: TransactionContent): LedgerEvent {
  return { type: 'TransactionRecorded', data: { transactionId: idOf(name), clientId: name, recordedBy: content.paidBy, ...content } };
}

export function amended(name: string, fromVersion: number, before: TransactionContent, after: TransactionContent): LedgerEvent {
  return { type: 'TransactionAmended', data: { transactionId: idOf(name), fromVersion, before, after } };
}

export function voided(name: string, fromVersion: number, before: TransactionContent): LedgerEvent {
  return { type: 'TransactionVoided', data: { transactionId: idOf(name), fromVersion, before, reason: null } };
}

function idOf(name: string): string {
  const id = transactionIds.get(name) ?? uuidV5(HOME, `transaction/${name}`);
  transactionIds.set(name, id);
  return id;
}
