import { addDays, allocate, daysBetween, type CivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { amended, recorded, voided } from '../../../../test/support/budget-events.js';
import { contentOf, entries, familiesCarrying, lifeOf, runningPeriod, startDays, steps, tries } from '../../../../test/support/random-lives.js';
import { periodsBetween, periodOf } from './calendar.js';
import { firstOpenPeriod, carryInto, surplusAtClose } from './carry.js';
import { dailyBudget } from './daily-budget.js';
import type { BudgetDocument } from './document.js';
import { categoryOf } from './fixed-keys.js';
import { evolveBudget, type BudgetEvent } from './fold-budget.js';
import { periodOverview, periodTotals } from './period-overview.js';
import { sumsOf, termsOf, total } from './period-terms.js';
import { END_POLICIES } from './policies.js';
import { poolOf } from './pool.js';
import { addSums, NO_SUMS, type Sums } from './sums.js';

const anyFamily = familiesCarrying(...END_POLICIES);
const conserving = familiesCarrying('carryBoth');
const isClosing = ({ type }: BudgetEvent) => type === 'PeriodClosed' || type === 'PeriodReopened';
const fold = (events: readonly BudgetEvent[], from: BudgetDocument | null = null): BudgetDocument => {
  const document = events.reduce<BudgetDocument | null>(evolveBudget, from);
  if (document === null) throw new Error('there were no events');
  return document;
};
const periodsUpTo = ({ plan: { calendar } }: BudgetDocument, last: CivilDate) => periodsBetween(calendar, calendar[0]?.from ?? last, last);
/** With the fixed categories under their own names, as the rows of days have them. */
const named = (document: BudgetDocument, { fixed, ...others }: Sums): Sums => ({
  ...others,
  ...(fixed && { fixed: Object.fromEntries(Object.entries(fixed).map(([key, item]) => [categoryOf(document, key), item])) }),
});

describe('the days of a period', () => {
  it('share its pool to the last unit, and each sees what the plan of the day before showed it', () => {
    fc.assert(
      fc.property(conserving, steps, fc.nat(40), (family, taken, index) => {
        const life = lifeOf(family, taken);
        const { start, days, lastDay } = runningPeriod(life);
        const date = addDays(start, index % days);
        const { plan, pool, dailyBudgetAmount, spentToday, remainingInPeriod, daysRemaining } = life.asks(date, date);
        const planned = total(plan.map(({ amount }) => amount));
        expect(planned).toBe(remainingInPeriod + spentToday);
        expect(life.asks(start, start).plan.reduce((sum, { amount }) => sum + amount, 0n)).toBe(pool);
        expect(plan.map(({ amount }) => amount)).toStrictEqual(allocate(planned, daysRemaining));
        expect([plan[0]?.amount, plan.at(-1)?.date]).toStrictEqual([dailyBudgetAmount, lastDay]);
      }),
      tries(800),
    );
  });

  it('spent exactly as they allow, keep to the plan of the first one and end at nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400_000, max: 900_000 }), startDays, (pool, startDay) => {
        const life = lifeOf({ startDay, endPolicy: 'carryBoth' }, []);
        const { start } = runningPeriod(life);
        const plan = life.plans({ income: 200_000, savings: 0, fixed: { rent: 200_000 } }).earns(Math.max(0, pool), 'extra').spends(Math.max(0, -pool)).on(addDays(start, 1)).asks(addDays(start, 1)).plan;
        for (const [index, { date, amount }] of plan.entries()) {
          const day = life.on(date).asks(date);
          expect(day.dailyBudgetAmount).toBe(amount);
          if (amount >= 0n) life.spends(Number(amount));
          else life.isRefunded(Number(-amount));
          expect(life.asks(date)).toMatchObject({ remainingBudget: 0n, daysRemaining: plan.length - index });
        }
        expect(life.asks(life.day).remainingInPeriod).toBe(0n);
      }),
      tries(150),
    );
  });

  it('are told one by one as all together, for any day and any today', () => {
    fc.assert(
      fc.property(anyFamily, steps, fc.nat(150), fc.nat(150), (family, taken, asked, later) => {
        const life = lifeOf(family, taken);
        const { document, days } = life;
        const first = document.plan.calendar[0]?.from as CivilDate;
        const [date, today] = [addDays(first, asked), addDays(first, later)];
        const period = periodOf(document.plan.calendar, date);
        if (period === undefined) throw new Error('the budget has begun');
        const overview = periodOverview(document, period, today, days);
        const day = dailyBudget({ document, days, date, today });
        const listed = overview.days[daysBetween(period.start, date)];
        expect(listed).toMatchObject({ date, amount: day.dailyBudgetAmount, spent: day.spentToday, remaining: day.remainingBudget, committed: day.committedToday });
        expect(overview.days).toHaveLength(period.days);
        expect(total(day.plan.map(({ amount }) => amount))).toBe(day.pool - (listed?.usedBefore ?? 0n));
        expect(overview.remaining).toBe(dailyBudget({ document, days, date: period.lastDay, today }).remainingInPeriod);
      }),
      tries(800),
    );
  });

  it('are promised tomorrow what tomorrow brings, if today spends what it has left', () => {
    fc.assert(
      fc.property(anyFamily, steps, (family, taken) => {
        const life = lifeOf(family, taken);
        const [today, tomorrow] = [life.day, addDays(life.day, 1)];
        fc.pre(tomorrow <= runningPeriod(life).lastDay);
        const promised = life.asks(tomorrow, today);
        life.spends(Number(life.asks(today).spendableToday));
        expect(life.asks(tomorrow, today)).toMatchObject({ dailyBudgetAmount: promised.dailyBudgetAmount, plan: promised.plan });
        expect(life.asks(tomorrow, tomorrow).plan).toStrictEqual(promised.plan);
      }),
      tries(600),
    );
  });
});

describe('the money of closed periods', () => {
  it('is all handed on, whatever comes late and whatever is reopened (carryBoth)', () => {
    fc.assert(
      fc.property(conserving, steps, (family, taken) => {
        const { document, day } = lifeOf(family, taken);
        const { calendar, closed } = document.plan;
        const left = closed.map((start) => {
          const period = periodOf(calendar, start);
          return period === undefined ? 0n : surplusAtClose(termsOf(document, period), 0n);
        });
        const open = firstOpenPeriod(document.plan);
        const targets = Object.entries(document.late).filter(([target]) => target >= open.start);
        const late = targets.flatMap(([, sources]) => Object.values(sources).map(BigInt));
        expect(total(left)).toBe(carryInto(document, open, day).amount + total(late));
      }),
      tries(1_500),
    );
  });

  it('is the same in the running period as if none had ever been closed (carryBoth)', () => {
    fc.assert(
      fc.property(conserving, steps, (family, taken) => {
        const life = lifeOf(family, taken);
        const never = fold(life.events.filter((event) => !isClosing(event)));
        const [closedSome, closedNone] = [life.document, never].map((document) => poolOf(document, runningPeriod(life), life.day));
        expect(closedSome?.amount).toBe(closedNone?.amount);
      }),
      tries(1_500),
    );
  });

  it('never becomes more than was left, under any policy', () => {
    fc.assert(
      fc.property(anyFamily, steps, (family, taken) => {
        const { document, day } = lifeOf(family, taken);
        for (const period of periodsUpTo(document, addDays(day, 75))) {
          const { surplus, carryOut, status } = periodTotals(document, period, day);
          if (status === 'closed') continue;
          expect(carryOut === surplus || carryOut === 0n).toBe(true);
          expect(carryOut <= 0n || family.endPolicy === 'carryBoth').toBe(true);
        }
      }),
      tries(400),
    );
  });
});

describe('the fold', () => {
  it('counts every entry in the period of its day, however the periods were cut', () => {
    fc.assert(
      fc.property(anyFamily, steps, (family, taken) => {
        const { document, days, day } = lifeOf(family, taken);
        for (const period of periodsUpTo(document, addDays(day, 75))) {
          const inside = [...days].filter(([date]) => period.start <= date && date < period.nextStart).map(([, sums]) => sums);
          expect(named(document, sumsOf(document, period))).toStrictEqual(inside.reduce(addSums, NO_SUMS));
        }
      }),
      tries(800),
    );
  });

  it('forgets an entry that is voided, as if it had never been recorded', () => {
    fc.assert(
      fc.property(anyFamily, steps, entries, fc.nat(), fc.nat(8), (family, taken, entry, place, apart) => {
        const { events } = lifeOf(family, taken);
        const at = Math.min(events.length, 8 + (place % Math.max(1, events.length - 7)));
        const [before, between] = [events.slice(0, at), events.slice(at, at + apart)];
        fc.pre(!between.some(isClosing));
        const on = before.at(-1)?.on as CivilDate;
        const content = contentOf(entry, on);
        const [written, gone] = [{ ...recorded('slip', content), on }, { ...voided('slip', 1, content), on }];
        expect(fold([...before, written, ...between, gone, ...events.slice(at + apart)])).toStrictEqual(fold(events));
      }),
      tries(1_500),
    );
  });

  it('does not depend on the order in which different transactions were written down', () => {
    const kept = fc.record({ first: entries, then: fc.option(entries), isVoided: fc.boolean(), when: fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999)) });
    fc.assert(
      fc.property(anyFamily, steps, fc.array(kept, { maxLength: 12, size: 'max' }), (family, taken, transactions) => {
        const { events: past, day: on } = lifeOf(family, taken);
        const stories = transactions.map(({ first, then, isVoided, when }, index) => {
          const [one, other] = [contentOf(first, on), contentOf(then ?? first, on)];
          const story = [recorded(`t${index}`, one), ...(then === null ? [] : [amended(`t${index}`, 1, one, other)]), ...(isVoided ? [voided(`t${index}`, 2, other)] : [])];
          const moments = [...when].sort((left, right) => left - right);
          return story.map((event, step) => ({ event: { ...event, on }, at: moments[step] ?? 0 }));
        });
        const shuffled = stories.flat().sort((left, right) => left.at - right.at).map(({ event }) => event);
        const inTurn = stories.flat().map(({ event }) => event);
        expect(fold([...past, ...shuffled])).toStrictEqual(fold([...past, ...inTurn]));
      }),
      tries(1_000),
    );
  });

  it('is the same in one go as from any document that was stored on the way', () => {
    fc.assert(
      fc.property(anyFamily, steps, fc.nat(), (family, taken, place) => {
        const { events, document } = lifeOf(family, taken);
        const at = 1 + (place % (events.length - 1));
        const stored = JSON.parse(JSON.stringify(fold(events.slice(0, at)))) as BudgetDocument;
        expect(fold(events.slice(at), stored)).toStrictEqual(document);
        expect(JSON.parse(JSON.stringify(document))).toStrictEqual(document);
      }),
      tries(800),
    );
  });

  it('keeps a row for a day exactly as long as something counts on it', () => {
    fc.assert(
      fc.property(anyFamily, steps, (family, taken) => {
        const life = lifeOf(family, taken);
        const dates = new Set([...life.live.values()].map(({ content }) => content.date));
        expect(new Set(life.days.keys())).toStrictEqual(dates);
        const { ended, days, horizon } = life.document;
        expect(Object.keys(days)).toStrictEqual(expect.arrayContaining([...dates].filter((date) => date >= horizon)));
        expect(Object.values({ ...ended, ...days }).reduce((sum, { entries: count }) => sum + count, 0)).toBe(life.live.size);
      }),
      tries(500),
    );
  });
});

describe('the calendar', () => {
  it('covers every day once, whatever start days were asked for, and never moves a day that is over', () => {
    const changes = fc.array(fc.record({ days: fc.nat(40), deed: fc.record({ does: fc.constant('changeStartDay' as const), startDay: startDays }) }), { maxLength: 8 });
    fc.assert(
      fc.property(anyFamily, changes, fc.nat(400), (family, taken, far) => {
        const life = lifeOf(family, taken);
        const { calendar } = life.document.plan;
        const first = calendar[0]?.from as CivilDate;
        const periods = periodsBetween(calendar, first, addDays(first, 400));
        for (const [index, period] of periods.entries()) {
          expect(period.start).toBe(index === 0 ? first : periods[index - 1]?.nextStart);
          expect(period.nextStart).toBe(addDays(period.start, period.days));
          expect(period.lastDay).toBe(addDays(period.nextStart, -1));
          expect(period.days >= 1 && period.days <= period.fullDays && period.fullDays <= 31).toBe(true);
        }
        const day = addDays(first, far);
        expect(periods.filter(({ start, lastDay }) => start <= day && day <= lastDay)).toStrictEqual([periodOf(calendar, day)]);
        const before = lifeOf(family, taken.slice(0, -1));
        expect(periodOf(calendar, life.day)).toStrictEqual(periodOf(before.document.plan.calendar, life.day));
      }),
      tries(300),
    );
  });
});
