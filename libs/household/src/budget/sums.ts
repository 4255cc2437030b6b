import type { LedgerEvent, TransactionContent } from '../household-events.js';

/**
 * What the transactions of a day, or of many days, add up to, in minor units as digits. Zeros are left out, so that
 * what was recorded and voided leaves no trace. STORAGE CONTRACT: stands in documents and rows.
 */
export type Sums = {
  /** Live transactions counted in here. */
  entries: number;
  /** Variable expenses less refunds (rule R7). */
  spent?: string;
  /** Variable lines that were still to come when they were recorded (rule R11). */
  committed?: string;
  /** Income of kind planned, and of kind extra (rule R6). */
  income?: string;
  extraIncome?: string;
  saved?: string;
  /** By category: what was paid, and in how many lines. */
  fixed?: Record<string, { amount: string; lines: number }>;
};

export const NO_SUMS: Sums = { entries: 0 };

type AmountName = 'spent' | 'committed' | 'income' | 'extraIncome' | 'saved';

/** One transaction that begins to count on its date, or ceases to. */
export interface Entry {
  readonly content: TransactionContent;
  readonly sign: 1 | -1;
}

export function entriesOf(event: LedgerEvent): readonly Entry[] {
  switch (event.type) {
    case 'TransactionRecorded':
      return [{ content: event.data, sign: 1 }];
    case 'TransactionAmended':
      return [
        { content: event.data.before, sign: -1 },
        { content: event.data.after, sign: 1 },
      ];
    case 'TransactionVoided':
      return [{ content: event.data.before, sign: -1 }];
    default:
      throw new Error(`unknown ledger event ${JSON.stringify(event satisfies never)}`);
  }
}

export function amountIn(sums: Sums, name: AmountName): bigint {
  return BigInt(sums[name] ?? '0');
}

export function fixedIn(sums: Sums, categoryId: string): { readonly amount: bigint; readonly lines: number } {
  const item = sums.fixed?.[categoryId];
  return { amount: BigInt(item?.amount ?? '0'), lines: item?.lines ?? 0 };
}

export function addEntry(sums: Sums, { content, sign }: Entry): Sums {
  let next: Sums = { ...sums, entries: sums.entries + sign };
  for (const line of content.lines) {
    const paid = BigInt(line.base) * BigInt(sign) * (content.type === 'refund' ? -1n : 1n);
    switch (line.kind) {
      case 'variable':
        next = addAmount(next, content.timing === 'committed' ? 'committed' : 'spent', paid);
        break;
      case 'income':
        next = addAmount(next, content.incomeKind === 'extra' ? 'extraIncome' : 'income', paid);
        break;
      case 'savings':
        next = addAmount(next, 'saved', paid);
        break;
      case 'fixed':
        next = addFixed(next, line.categoryId ?? '', paid, sign);
        break;
      default:
        throw new Error(`unknown kind of line ${JSON.stringify(line.kind satisfies never)}`);
    }
  }
  return next;
}

export function addSums(left: Sums, right: Sums): Sums {
  const names: readonly AmountName[] = ['spent', 'committed', 'income', 'extraIncome', 'saved'];
  let next: Sums = { ...left, entries: left.entries + right.entries };
  for (const name of names) next = addAmount(next, name, amountIn(right, name));
  for (const [categoryId, { amount, lines }] of Object.entries(right.fixed ?? {})) {
    next = addFixed(next, categoryId, BigInt(amount), lines);
  }
  return next;
}

/** Whether all that was counted in has been taken out again. */
export function isNothing(sums: Sums): boolean {
  return sums.entries === 0 && Object.keys(sums).length === 1;
}

function addAmount(sums: Sums, name: AmountName, amount: bigint): Sums {
  const total = amountIn(sums, name) + amount;
  const { [name]: _before, ...others } = sums;
  return total === 0n ? others : { ...others, [name]: String(total) };
}

function addFixed(sums: Sums, categoryId: string, amount: bigint, lines: number): Sums {
  const before = fixedIn(sums, categoryId);
  const after = { amount: String(before.amount + amount), lines: before.lines + lines };
  const { fixed: { [categoryId]: _before, ...otherItems } = {}, ...others } = sums;
  const fixed = after.amount === '0' && after.lines === 0 ? otherItems : { ...otherItems, [categoryId]: after };
  return Object.keys(fixed).length === 0 ? others : { ...others, fixed };
}
