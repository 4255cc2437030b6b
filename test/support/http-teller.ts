import { formatMoney, parseCurrency, uuidV5 } from '@daybook/kernel';
import { HOME } from './budget-events.js';
import type { Answer as HttpAnswer, Instance } from './instance.js';
import { answerOf } from './shown-numbers.js';
import type { Answer, Plan, Teller, Vector } from './vectors.js';

const BASE: Plan = { income: 500_000, fixed: 200_000, savings: 50_000 };
const MORNING = 'T10:00:00Z';

interface Recorded {
  readonly transactionId: string;
  readonly version: number;
}

/** Lives a vector as a client of a whole program does: commands in, queries out, on the days the test clock shows. */
export class HttpTeller implements Teller {
  readonly familyId: string;
  private readonly recorded = new Map<string, Recorded>();
  private readonly currency: string;
  /** Of the last command: what is asked after it must know it. */
  private position = '';

  constructor(
    private readonly instance: Instance,
    private readonly token: string,
    private readonly vector: Vector,
    private readonly timeZone = 'Europe/London',
  ) {
    this.familyId = uuidV5(HOME, `${vector.vector}/${vector.says}/${timeZone}`);
    this.currency = vector.family?.currency ?? 'EUR';
  }

  /** Creates the family on the day its budget starts, where nothing else is said. */
  async begins(instant?: string): Promise<this> {
    const { budgetStartDate = '2026-04-01', startDay } = this.vector.family ?? {};
    await this.itIs(instant ?? `${budgetStartDate}${MORNING}`);
    await this.command('createFamily', {
      name: 'Home',
      currency: this.currency,
      timeZone: this.timeZone,
      budgetStartDate,
      ...(startDay !== undefined && { startDay }),
      ...this.planned(this.vector.plan ?? BASE),
    });
    return this;
  }

  async itIs(now: string): Promise<void> {
    const { status } = await this.instance.send('POST', '/v1/dev/clock', { body: { now } });
    expect(status).toBe(200);
  }

  on(date: string): Promise<void> {
    return this.itIs(`${date}${MORNING}`);
  }

  async enters({ does, amount, date, name }: Parameters<Teller['enters']>[0]): Promise<void> {
    const entry = { amount: this.decimal(amount), ...(date !== undefined && { date }), ...(name !== undefined && { clientId: name }) };
    const result = await this.entered(does, entry);
    if (name !== undefined) this.recorded.set(name, result as unknown as Recorded);
  }

  async amends(name: string, amount: number): Promise<void> {
    const { transactionId, version } = this.recorded.get(name) ?? { transactionId: '', version: 0 };
    const result = await this.command('amendTransaction', { transactionId, expectedVersion: version, amount: this.decimal(amount) });
    this.recorded.set(name, { transactionId, version: Number(result['version']) });
  }

  async voids(name: string): Promise<void> {
    const { transactionId, version } = this.recorded.get(name) ?? { transactionId: '', version: 0 };
    await this.command('voidTransaction', { transactionId, expectedVersion: version, reason: 'given back' });
  }

  async plans(plan: Plan): Promise<void> {
    await this.command('setBudgetPlan', this.planned(plan));
  }

  async closes(period: string): Promise<void> {
    await this.command('closePeriod', { period });
  }

  async asks(date: string): Promise<Answer> {
    const { status, body } = await this.query('calculateDailyBudget', { date });
    expect({ status, body }).toMatchObject({ status: 200 });
    return answerOf((body as { data: object }).data);
  }

  query(name: string, args: Readonly<Record<string, string>>, token = this.token): Promise<HttpAnswer> {
    const query = new URLSearchParams({ familyId: this.familyId, ...args, minPosition: this.position });
    return this.instance.send('GET', `/v1/queries/${name}?${query.toString()}`, { token });
  }

  send(name: string, args: object): Promise<HttpAnswer> {
    return this.instance.send('POST', `/v1/commands/${name}`, { token: this.token, body: { familyId: this.familyId, ...args } });
  }

  async command(name: string, args: object): Promise<Record<string, unknown>> {
    const answer = await this.send(name, args);
    expect({ name, ...answer }).toMatchObject({ name, status: 200 });
    const { position, result } = answer.body as { position: string; result: Record<string, unknown> };
    if (position > this.position) this.position = position;
    return result;
  }

  private entered(does: Parameters<Teller['enters']>[0]['does'], entry: object): Promise<Record<string, unknown>> {
    const create = (type: string, category?: string, more: object = {}) =>
      this.command('createTransaction', { type, ...(category !== undefined && { category }), ...entry, ...more });
    switch (does) {
      case 'spends':
        return create('expense', 'variable');
      case 'pays':
        return create('expense', 'fixed');
      case 'earns':
        return create('income');
      case 'earnsExtra':
        return create('income', undefined, { incomeKind: 'extra' });
      case 'isRefunded':
        return this.command('recordRefund', { category: 'variable', ...entry });
      default:
        throw new Error(`unknown entry ${JSON.stringify(does satisfies never)}`);
    }
  }

  private planned({ income, fixed, savings }: Plan): object {
    return { monthlyIncome: this.decimal(income), fixedExpenses: this.decimal(fixed), savingsGoal: this.decimal(savings) };
  }

  private decimal(minor: number): string {
    return formatMoney({ amountMinor: BigInt(minor), currency: parseCurrency(this.currency) });
  }
}
