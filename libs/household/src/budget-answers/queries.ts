import { DaybookError, isCivilDate, type CivilDate } from '@daybook/kernel';
import { pageCursor, type QueryAnswer, type QueryContext } from '@daybook/platform';
import type { z } from 'zod';
import { periodOf, periodsBetween, type BudgetPeriod } from '../budget/calendar.js';
import { askablePeriod, dailyBudget } from '../budget/daily-budget.js';
import type { KnownEvent } from '../budget/events-behind.js';
import { explainDay } from '../budget/explain.js';
import { periodOverview, totalsOfPeriods } from '../budget/period-overview.js';
import { periodsWithFacts } from '../budget-periods/index.js';
import type { calculateDailyBudget, explainDailyBudget, getMonthlyBudgetOverview, getPeriods } from './contracts.js';
import { knowing, type Known, type KnowingParts } from './known.js';
import { shownDay } from './shown-day.js';
import { shownExplanation } from './shown-explanation.js';
import { shownOverview, shownPeriods } from './shown-period.js';
import { periodAskedFor } from './which-period.js';

type DayArgs = z.output<typeof calculateDailyBudget.args>;
type ExplainArgs = z.output<typeof explainDailyBudget.args>;
type OverviewArgs = z.output<typeof getMonthlyBudgetOverview.args>;
type PeriodsArgs = z.output<typeof getPeriods.args>;

/** All numbers about a budget, from one document by the one pure function, whatever is known and whoever asks. */
export class BudgetAnswers {
  constructor(private readonly parts: KnowingParts) {}

  async calculateDailyBudget(args: DayArgs, context: QueryContext): Promise<QueryAnswer> {
    return knowing(this.parts, args, context, async (known) => {
      const { document, today } = known;
      const date = dayOf(args, known);
      const { start, lastDay } = askablePeriod(document, date, today);
      const days = await known.days(start, lastDay);
      return () => shownDay(known, dailyBudget({ document, days, date, today }));
    });
  }

  async explainDailyBudget(args: ExplainArgs, context: QueryContext): Promise<QueryAnswer> {
    return knowing(this.parts, args, context, async (known) => {
      const history = await known.history();
      // What stands in a family's audit log was brought to the household's own events when it was read.
      const events = history as unknown as readonly KnownEvent[];
      return () => {
        const explanation = explainDay(events, dayOf(args, known), known.today);
        return shownExplanation(known, explanation, history, this.parts.logIdentity);
      };
    });
  }

  async getMonthlyBudgetOverview(args: OverviewArgs, context: QueryContext): Promise<QueryAnswer> {
    return knowing(this.parts, args, context, async (known) => {
      const { document, today } = known;
      const period = periodAskedFor(document, args, known);
      const days = await known.days(period.start, period.lastDay);
      return () => {
        const overview = periodOverview(document, period, today, days);
        if (!overview.pool.isPlanned) throw new DaybookError('PLAN_MISSING', 'Set a plan for this period, or for an earlier one, first.');
        return shownOverview(known, overview);
      };
    });
  }

  async getPeriods(args: PeriodsArgs, context: QueryContext): Promise<QueryAnswer> {
    const cursor = pageCursor('getPeriods', args, [isCivilDate]);
    const [after] = args.cursor === undefined ? [] : cursor.decode(args.cursor);
    const answer = await knowing(this.parts, args, context, async (known) => {
      const listed = inOrder(listedPeriods(known), args.order, after);
      const page = listed.slice(0, args.limit);
      const last = page.at(-1);
      const nextCursor = listed.length > page.length && last !== undefined ? cursor.encode([last.start]) : null;
      const totals = () => totalsOfPeriods(known.document, page, known.today);
      return Promise.resolve(() => ({ nextCursor, shown: shownPeriods(known, totals()) }));
    });
    return { ...answer, data: answer.data.shown, nextCursor: answer.data.nextCursor };
  }
}

function dayOf({ date = 'today' }: { readonly date?: CivilDate | 'today' | undefined }, { realToday }: Known): CivilDate {
  return date === 'today' ? realToday : date;
}

/** From the budget's start to the running period without a gap, and those to come that something is known of. */
function listedPeriods({ document, today }: Known): BudgetPeriod[] {
  const { calendar } = document.plan;
  const [first] = calendar;
  const begun = first === undefined ? [] : periodsBetween(calendar, first.from, today);
  const running = periodOf(calendar, today)?.start;
  const toCome = [...periodsWithFacts(document).values()].filter(({ start }) => running === undefined || start > running);
  return [...begun, ...toCome.sort((left, right) => (left.start < right.start ? -1 : 1))];
}

function inOrder(periods: readonly BudgetPeriod[], order: PeriodsArgs['order'], after: string | undefined): BudgetPeriod[] {
  const ordered = order === 'asc' ? [...periods] : [...periods].reverse();
  return after === undefined ? ordered : ordered.filter(({ start }) => (order === 'asc' ? start > after : start < after));
}
