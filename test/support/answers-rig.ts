import { parseUuid, uuidV5, type CivilDate } from '@daybook/kernel';
import { formatPosition, type Position } from '@daybook/eventsourcing';
import { systemRandom, type QueryAnswer, type QueryContext } from '@daybook/platform';
import * as contracts from '../../libs/household/src/budget-answers/contracts.js';
import { BudgetAnswers } from '../../libs/household/src/budget-answers/queries.js';
import { HOME } from './budget-events.js';
import type { FamilyHistory } from './family-history.js';
import { HouseholdRig } from './household-rig.js';
import { Narrator, SAME_DAY_EVERYWHERE } from './told-history.js';

/** As they stand in an address. */
export type Args = Readonly<Record<string, unknown>>;

/** A family whose life is told to the log, and the answers about its budget, asked as over HTTP but for the wire. */
export class ToldFamily {
  readonly narrator: Narrator;

  constructor(
    private readonly rig: HouseholdRig,
    readonly history: FamilyHistory,
    readonly answers: BudgetAnswers,
    readonly familyId: string,
  ) {
    this.narrator = new Narrator(rig, familyId);
  }

  async isTold(): Promise<this> {
    await this.narrator.tell(this.history.events);
    this.itIs(this.history.day);
    return this;
  }

  itIs(date: CivilDate): this {
    this.rig.itIsNow(`${date}${SAME_DAY_EVERYWHERE}`);
    return this;
  }

  /** The position of the event with that number, as an answer would give it. */
  position(index: number): string {
    return this.token(this.narrator.told.at(index)?.position ?? -1n);
  }

  token(position: Position): string {
    return formatPosition(this.rig.logIdentity, position);
  }

  calculate(args: Args = {}, userId = 'ada', patience: Partial<QueryContext> = {}): Promise<QueryAnswer> {
    const context = { ...this.rig.as(userId), ...patience };
    return this.answers.calculateDailyBudget(contracts.calculateDailyBudget.args.parse(this.about(args)), context);
  }

  explain(args: Args = {}, userId = 'ada'): Promise<QueryAnswer> {
    return this.answers.explainDailyBudget(contracts.explainDailyBudget.args.parse(this.about(args)), this.rig.as(userId));
  }

  overview(args: Args = {}, userId = 'ada'): Promise<QueryAnswer> {
    return this.answers.getMonthlyBudgetOverview(contracts.getMonthlyBudgetOverview.args.parse(this.about(args)), this.rig.as(userId));
  }

  periods(args: Args = {}, userId = 'ada'): Promise<QueryAnswer> {
    return this.answers.getPeriods(contracts.getPeriods.args.parse(this.about(args)), this.rig.as(userId));
  }

  private about(args: Args): Args {
    return { familyId: this.familyId, ...args };
  }
}

/** Several families in one database: opening one takes longer than most tests. */
export class AnswersRig {
  private constructor(readonly rig: HouseholdRig) {}

  static async open(): Promise<AnswersRig> {
    return new AnswersRig(await HouseholdRig.open());
  }

  /** A family of its own, whose life is in the log when this is done. */
  async given(history: FamilyHistory): Promise<ToldFamily> {
    const { rig } = this;
    const answers = new BudgetAnswers({ readModels: rig.readModels(), clock: rig.clock, logIdentity: rig.logIdentity });
    const familyId = parseUuid(uuidV5(HOME, systemRandom.uuid()));
    return new ToldFamily(rig, history, answers, familyId).isTold();
  }

  close(): Promise<void> {
    return this.rig.close();
  }
}
