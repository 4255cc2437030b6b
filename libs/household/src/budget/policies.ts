/** How unspent money moves from day to day. STORAGE CONTRACT, as are all names in this file. */
export const CARRY_MODES = ['redistribute'] as const;
export type CarryMode = (typeof CARRY_MODES)[number];

/** What becomes of a period's surplus or deficit in the period after it (rule R20). */
export const END_POLICIES = ['carryBoth', 'carryDeficitOnly', 'sweepSurplusToSavings', 'reset'] as const;
export type EndPolicy = (typeof END_POLICIES)[number];

/** What a category is for; for ever the same. Income has no categories. */
export const CATEGORY_KINDS = ['fixed', 'variable', 'savings'] as const;
export type CategoryKind = (typeof CATEGORY_KINDS)[number];

export function isCategoryKind(text: string): text is CategoryKind {
  return CATEGORY_KINDS.some((kind) => kind === text);
}

/** A line of income has this kind and no category. */
export const LINE_KINDS = [...CATEGORY_KINDS, 'income'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

export const TRANSACTION_TYPES = ['expense', 'income', 'refund'] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** Planned income fills up what the plan promises; extra income comes on top (rule R6). */
export const INCOME_KINDS = ['planned', 'extra'] as const;
export type IncomeKind = (typeof INCOME_KINDS)[number];

/** A variable line that was still to come when it was recorded is committed (rule R11). */
export const TIMINGS = ['posted', 'committed'] as const;
export type Timing = (typeof TIMINGS)[number];
