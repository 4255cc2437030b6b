import { DaybookError, type CivilDate, type Clock } from '@daybook/kernel';
import { freshness, type QueryAnswer, type QueryContext } from '@daybook/platform';
import { spaceKey, type ReadModels } from '@daybook/projections';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { askablePeriod } from '../budget/daily-budget.js';
import { memberAccess, type MemberAccess } from '../families/index.js';
import { shownPlan } from '../shown-plan.js';
import type { getBudgetPlan } from './contracts.js';

export interface PlansTables {
  plans: {
    space: string;
    version: number;
    period: CivilDate;
    income: bigint;
    savings: bigint;
    fixed: Record<string, string>;
    set_at: Date;
    set_by: string;
  };
}

type BudgetPlanArgs = z.output<typeof getBudgetPlan.args>;

/** Answers what a family has planned. */
export class PlansQueries {
  constructor(
    private readonly readModels: ReadModels<PlansTables>,
    private readonly clock: Clock,
  ) {}

  async getBudgetPlan({ familyId, period: day }: BudgetPlanArgs, context: QueryContext): Promise<QueryAnswer> {
    const answer = await this.readModels.read({ ...freshness(context), space: { kind: 'family', id: familyId } }, async (trx) => {
      const access = await memberAccess(trx, familyId, context.userId, this.clock.now());
      const period = askablePeriod({ plan: access.budget }, day ?? runningDay(access), access.today, '/period');
      return { access, period, plan: await countingPlan(trx, familyId, period.start) };
    });
    const { access, period, plan } = answer.data;
    if (plan === undefined) throw new DaybookError('PLAN_MISSING', 'Set a plan for this period, or for an earlier one, first.');
    const { period: since, income, savings, fixed } = plan;
    const data = {
      period: period.start,
      periodEnd: period.lastDay,
      ...shownPlan({ period: since, income: String(income), savings: String(savings), fixed }, access.currency),
      currency: access.currency,
      version: access.budget.version,
      setAt: plan.set_at.toISOString(),
      setBy: plan.set_by,
    };
    return { ...answer, data };
  }
}

/** Before the budget starts, its first day. */
function runningDay({ budget: { calendar }, today }: MemberAccess): CivilDate {
  const [first] = calendar;
  return first !== undefined && today < first.from ? first.from : today;
}

async function countingPlan(trx: Kysely<PlansTables>, familyId: string, period: CivilDate) {
  return trx
    .selectFrom('plans')
    .select(['version', 'period', 'income', 'savings', 'fixed', 'set_at', 'set_by'])
    .where('space', '=', spaceKey({ kind: 'family', id: familyId }))
    .where('period', '<=', period)
    .orderBy('period', 'desc')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}
