/**
 * The vectors of the daily number as data, so that the pure function, the read models and a whole program are held
 * against the same numbers. Amounts are minor units; what is left out is the base case: euros, London, months from the
 * first, 5000.00 − 2000.00 − 500.00 for April 2026.
 */
export interface Vector {
  readonly vector: string;
  readonly says: string;
  readonly family?: { readonly budgetStartDate?: string; readonly startDay?: number; readonly currency?: string };
  readonly plan?: Plan;
  readonly beats: readonly Beat[];
}

export interface Plan {
  readonly income: number;
  readonly fixed: number;
  readonly savings: number;
}

/** What happens next: a day comes, somebody does something on it, or asks for the number of a day. */
export type Beat =
  | { readonly does: 'on'; readonly date: string }
  | { readonly does: 'spends' | 'isRefunded' | 'earns' | 'earnsExtra' | 'pays'; readonly amount: number; readonly date?: string; readonly name?: string }
  | { readonly does: 'amends'; readonly name: string; readonly amount: number }
  | { readonly does: 'voids'; readonly name: string }
  | { readonly does: 'plans'; readonly plan: Plan }
  | { readonly does: 'closes'; readonly period: string }
  | { readonly does: 'asks'; readonly date: string; readonly answer: Answer };

/** As much of the answer as the vector names. */
export interface Answer {
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly currency?: string;
  readonly dailyBudgetAmount?: number;
  readonly spentToday?: number;
  readonly remainingBudget?: number;
  readonly spendableToday?: number;
  readonly overspentBy?: number;
  readonly committedToday?: number;
  readonly remainingInPeriod?: number;
  readonly daysRemaining?: number;
  readonly pool?: number;
  /** Amounts from the day to the end of the period. */
  readonly plan?: readonly number[];
  readonly provisional?: boolean;
}

const BASE: Plan = { income: 500_000, fixed: 200_000, savings: 50_000 };
const april = (day: number): string => `2026-04-${String(day).padStart(2, '0')}`;
const on = (date: string): Beat => ({ does: 'on', date });
const spends = (amount: number, date?: string): Beat => ({ does: 'spends', amount, ...(date !== undefined && { date }) });
const asks = (date: string, answer: Answer): Beat => ({ does: 'asks', date, answer });
/** Asked on the day itself. */
const onTheDay = (date: string, answer: Answer): Beat[] => [on(date), asks(date, answer)];
const runs = (...pairs: readonly [number, number][]): number[] => pairs.flatMap(([count, amount]) => Array<number>(count).fill(amount));
const daily = (first: number, amounts: readonly number[]): Beat[] => amounts.flatMap((amount, index) => [on(april(first + index)), spends(amount)]);
/** Each day's amount is asked for, then spent. */
const toPlan = (first: number, amounts: readonly number[]): Beat[] =>
  amounts.flatMap((amount, index) => [...onTheDay(april(first + index), { dailyBudgetAmount: amount }), spends(amount)]);
const pool = (amount: number): Plan => ({ income: amount, fixed: 0, savings: 0 });

export const VECTORS: readonly Vector[] = [
  {
    vector: 'V1',
    says: 'a first day on which nothing was spent',
    beats: onTheDay(april(1), {
      periodStart: april(1),
      periodEnd: april(30),
      currency: 'EUR',
      daysRemaining: 30,
      dailyBudgetAmount: 8_334,
      spentToday: 0,
      remainingBudget: 8_334,
      spendableToday: 8_334,
      overspentBy: 0,
      committedToday: 0,
      remainingInPeriod: 250_000,
      pool: 250_000,
      plan: runs([10, 8_334], [20, 8_333]),
      provisional: false,
    }),
  },
  {
    vector: 'V2',
    says: 'spending each day its amount ends at nothing',
    beats: [
      ...toPlan(1, runs([10, 8_334], [20, 8_333])),
      asks(april(30), { remainingBudget: 0, remainingInPeriod: 0, overspentBy: 0, plan: [8_333] }),
    ],
  },
  {
    vector: 'V3',
    says: 'what is overspent on a day is shared by the days after it',
    beats: [
      on(april(1)),
      spends(10_000),
      asks(april(1), { remainingBudget: -1_666, overspentBy: 1_666, spendableToday: 0 }),
      ...onTheDay(april(2), { dailyBudgetAmount: 8_276 }),
    ],
  },
  {
    vector: 'V4',
    says: 'what is left over is shared by the days after it',
    beats: [on(april(1)), spends(5_000), ...onTheDay(april(2), { dailyBudgetAmount: 8_449 })],
  },
  {
    vector: 'V5',
    says: 'the last day has all that is left',
    beats: [...daily(1, runs([29, 8_333])), ...onTheDay(april(30), { daysRemaining: 1, dailyBudgetAmount: 8_343 })],
  },
  {
    vector: 'V6',
    says: 'a pool that is overspent',
    plan: pool(10_000),
    beats: [
      on(april(20)),
      spends(10_100),
      ...onTheDay(april(28), { dailyBudgetAmount: -33, plan: [-33, -33, -34], spendableToday: 0, overspentBy: 33 }),
    ],
  },
  ...([['2026-02-01', 8_929, 28], ['2028-02-01', 8_621, 29]] as const).map(
    ([budgetStartDate, dailyBudgetAmount, daysRemaining]): Vector => ({
      vector: 'V7',
      says: `February from ${budgetStartDate}`,
      family: { budgetStartDate },
      beats: onTheDay(budgetStartDate, { dailyBudgetAmount, daysRemaining }),
    }),
  ),
  {
    vector: 'V8',
    says: 'minor units of a currency without decimals',
    family: { budgetStartDate: '2026-05-01', currency: 'JPY' },
    plan: pool(100_000),
    beats: onTheDay('2026-05-01', { currency: 'JPY', plan: runs([25, 3_226], [6, 3_225]) }),
  },
  {
    vector: 'V9',
    says: 'minor units of a currency with three decimals',
    family: { budgetStartDate: '2026-05-01', currency: 'KWD' },
    plan: pool(310_005),
    beats: onTheDay('2026-05-01', { currency: 'KWD', plan: runs([5, 10_001], [26, 10_000]) }),
  },
  {
    vector: 'V10',
    says: 'an entry for an earlier day restates the days after it',
    beats: [
      on(april(10)),
      spends(5_000),
      asks(april(10), { dailyBudgetAmount: 11_905 }),
      ...onTheDay(april(11), { dailyBudgetAmount: 12_250 }),
      spends(3_000, april(9)),
      asks(april(11), { dailyBudgetAmount: 12_100 }),
      asks(april(10), { dailyBudgetAmount: 11_762, remainingBudget: 6_762 }),
    ],
  },
  {
    vector: 'V11',
    says: 'a refund counts on its own day',
    beats: [
      on(april(1)),
      spends(10_000),
      on(april(15)),
      { does: 'isRefunded', amount: 6_000 },
      asks(april(15), { dailyBudgetAmount: 15_000, spentToday: -6_000, remainingBudget: 21_000 }),
      ...onTheDay(april(16), { dailyBudgetAmount: 16_400 }),
    ],
  },
  {
    vector: 'V12',
    says: 'a plan that is changed inside its period',
    beats: [
      ...daily(1, runs([10, 8_000])),
      ...onTheDay(april(11), { dailyBudgetAmount: 8_500 }),
      { does: 'plans', plan: { ...BASE, savings: 90_000 } },
      asks(april(11), { dailyBudgetAmount: 6_500 }),
    ],
  },
  {
    vector: 'V13',
    says: 'extra income',
    beats: [
      ...daily(1, runs([10, 8_000])),
      on(april(11)),
      { does: 'earnsExtra', amount: 30_000 },
      asks(april(11), { dailyBudgetAmount: 10_000 }),
    ],
  },
  {
    vector: 'V14',
    says: 'income that was planned and comes',
    beats: [
      on(april(1)),
      { does: 'earns', amount: 500_000 },
      asks(april(1), { pool: 250_000, dailyBudgetAmount: 8_334 }),
      { does: 'earns', amount: 1 },
      asks(april(1), { pool: 250_001 }),
    ],
  },
  {
    vector: 'V15',
    says: 'fixed costs above their plan',
    beats: [on(april(1)), { does: 'pays', amount: 215_000 }, asks(april(1), { pool: 235_000, dailyBudgetAmount: 7_834, spentToday: 0 })],
  },
  {
    vector: 'V16',
    says: 'a commitment is set aside from the start, and is no spending of its day',
    beats: [
      on(april(1)),
      spends(30_000, april(15)),
      ...toPlan(1, runs([10, 7_334], [4, 7_333])),
      ...onTheDay(april(15), { dailyBudgetAmount: 7_333, spentToday: 0, committedToday: 30_000 }),
    ],
  },
  {
    vector: 'V20',
    says: 'May after a deficit of April, before its close and after it',
    beats: [
      on(april(30)),
      spends(262_000),
      ...onTheDay('2026-05-01', { pool: 238_000, dailyBudgetAmount: 7_678, daysRemaining: 31, provisional: true }),
      { does: 'closes', period: april(1) },
      asks('2026-05-01', { pool: 238_000, dailyBudgetAmount: 7_678, daysRemaining: 31, provisional: false }),
    ],
  },
  {
    vector: 'V21',
    says: 'the last day of a month that starts on the 25th',
    family: { budgetStartDate: '2025-12-25', startDay: 25 },
    beats: [
      ...onTheDay('2026-01-24', { periodStart: '2025-12-25', periodEnd: '2026-01-24', daysRemaining: 1 }),
      asks('2026-01-25', { periodStart: '2026-01-25', periodEnd: '2026-02-24', daysRemaining: 31 }),
    ],
  },
  {
    vector: 'V21',
    says: 'days inside a month that starts on the 25th',
    family: { budgetStartDate: '2026-01-25', startDay: 25 },
    beats: [on('2026-01-25'), spends(9_000), ...onTheDay('2026-02-01', { daysRemaining: 24, dailyBudgetAmount: 10_042 })],
  },
  {
    vector: 'V22',
    says: 'months that start on the 31st start on their last day',
    family: { budgetStartDate: '2026-01-31', startDay: 31 },
    beats: [
      on('2026-03-31'),
      asks('2026-02-27', { periodStart: '2026-01-31', periodEnd: '2026-02-27', daysRemaining: 1 }),
      asks('2026-02-28', { periodStart: '2026-02-28', periodEnd: '2026-03-30', daysRemaining: 31 }),
      asks('2026-04-30', { periodStart: '2026-04-30', periodEnd: '2026-05-30', daysRemaining: 31 }),
      asks('2028-02-28', { periodStart: '2028-01-31', periodEnd: '2028-02-28', daysRemaining: 1 }),
      asks('2028-02-29', { periodStart: '2028-02-29', periodEnd: '2028-03-30', daysRemaining: 31 }),
    ],
  },
  {
    vector: 'V23',
    says: 'a family that begins inside a month has all of its pool for the days that are left',
    family: { budgetStartDate: april(10), startDay: 1 },
    beats: onTheDay(april(10), { pool: 250_000, daysRemaining: 21, dailyBudgetAmount: 11_905 }),
  },
  {
    vector: 'V24',
    says: 'an entry that is amended, then voided',
    beats: [
      on(april(3)),
      { does: 'spends', amount: 4_500, name: 'shoes' },
      ...onTheDay(april(4), { dailyBudgetAmount: 9_093 }),
      { does: 'amends', name: 'shoes', amount: 5_400 },
      asks(april(4), { dailyBudgetAmount: 9_060 }),
      { does: 'voids', name: 'shoes' },
      asks(april(4), { dailyBudgetAmount: 9_260 }),
    ],
  },
  {
    vector: 'V30',
    says: 'days left are civil days, also across a clock change',
    family: { budgetStartDate: '2026-03-01' },
    beats: onTheDay('2026-03-28', { daysRemaining: 4 }),
  },
];

/** Who lives a vector: the pure function, the read models, or a whole program. */
export interface Teller {
  on(date: string): Promise<void> | void;
  enters(beat: Extract<Beat, { amount: number; does: 'spends' | 'isRefunded' | 'earns' | 'earnsExtra' | 'pays' }>): Promise<void> | void;
  amends(name: string, amount: number): Promise<void> | void;
  voids(name: string): Promise<void> | void;
  plans(plan: Plan): Promise<void> | void;
  closes(period: string): Promise<void> | void;
  /** Everything the vector may name, in minor units; of `plan` the amounts. */
  asks(date: string): Promise<Answer> | Answer;
}

/** Tells the vector beat by beat and holds every answer against it; answers how many there were. */
export async function tellVector({ beats }: Vector, teller: Teller): Promise<number> {
  let asked = 0;
  for (const beat of beats) {
    switch (beat.does) {
      case 'on':
        await teller.on(beat.date);
        break;
      case 'amends':
        await teller.amends(beat.name, beat.amount);
        break;
      case 'voids':
        await teller.voids(beat.name);
        break;
      case 'plans':
        await teller.plans(beat.plan);
        break;
      case 'closes':
        await teller.closes(beat.period);
        break;
      case 'asks':
        expect({ date: beat.date, ...(await teller.asks(beat.date)) }).toMatchObject({ date: beat.date, ...beat.answer });
        asked += 1;
        break;
      case 'spends':
      case 'isRefunded':
      case 'earns':
      case 'earnsExtra':
      case 'pays':
        await teller.enters(beat);
        break;
      default:
        throw new Error(`unknown beat ${JSON.stringify(beat satisfies never)}`);
    }
  }
  return asked;
}
