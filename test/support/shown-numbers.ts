import { parseCurrency, parseMoney } from '@daybook/kernel';
import type { Answer } from './vectors.js';

interface ShownPlan {
  readonly plan: readonly { readonly date: string; readonly amount: string }[];
}

/** An answer of calculateDailyBudget as the vectors write it: amounts in minor units, of the plan the amounts alone. */
export function answerOf(data: object): Answer {
  const shown = data as Record<string, unknown> & ShownPlan & { readonly currency: string };
  const currency = parseCurrency(shown.currency);
  const minor = (amount: string): number => Number(parseMoney(amount, currency).amountMinor);
  const isAmount = (value: unknown): value is string => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  const fields = Object.entries(shown).map(([name, value]) => [name, isAmount(value) ? minor(value) : value] as const);
  return { ...Object.fromEntries(fields), plan: shown.plan.map(({ amount }) => minor(amount)) };
}
