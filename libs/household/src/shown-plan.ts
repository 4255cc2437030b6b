import { formatMoney, type CurrencyCode } from '@daybook/kernel';
import { z } from 'zod';
import type { PlanVersion } from './budget/budget-plan.js';

/** A plan's amounts as every answer shows them. */
export const shownPlanSchema = z.object({
  /** First period this plan counted for. */
  since: z.iso.date(),
  monthlyIncome: z.string(),
  fixedExpenses: z.string(),
  fixed: z.array(z.object({ categoryId: z.uuid(), planned: z.string() })),
  savingsGoal: z.string(),
});

export type ShownPlan = z.infer<typeof shownPlanSchema>;

/** `fixedExpenses` is what the fixed items come to together. */
export function shownPlan({ period, income, fixed, savings }: PlanVersion, currency: CurrencyCode): ShownPlan {
  const shown = (amountMinor: bigint): string => formatMoney({ amountMinor, currency });
  const planned = Object.entries(fixed).map(([categoryId, amount]) => ({ categoryId, amount: BigInt(amount) }));
  return {
    since: period,
    monthlyIncome: shown(BigInt(income)),
    fixedExpenses: shown(planned.reduce((sum, { amount }) => sum + amount, 0n)),
    fixed: planned.map(({ categoryId, amount }) => ({ categoryId, planned: shown(amount) })),
    savingsGoal: shown(BigInt(savings)),
  };
}
