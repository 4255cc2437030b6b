import { parseCivilDate, parseUuid, uuidV5 } from '@daybook/kernel';
import { HOME } from '../../../../test/support/budget-events.js';
import { HistoryTeller } from '../../../../test/support/family-history-teller.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { answerOf } from '../../../../test/support/shown-numbers.js';
import { Narrator, SAME_DAY_EVERYWHERE } from '../../../../test/support/told-history.js';
import { tellVector, VECTORS, type Answer, type Vector } from '../../../../test/support/vectors.js';
import { BudgetAnswers } from './queries.js';

/** Events into the log, through the group's folds, out of the façade. */
class RigTeller extends HistoryTeller {
  private readonly narrator: Narrator;
  private readonly answers: BudgetAnswers;

  constructor(vector: Vector, private readonly rig: HouseholdRig) {
    super(vector);
    this.narrator = new Narrator(rig, uuidV5(HOME, `${vector.vector}/${vector.says}`));
    this.answers = new BudgetAnswers({ readModels: rig.readModels(), clock: rig.clock, logIdentity: rig.logIdentity });
  }

  override async asks(date: string): Promise<Answer> {
    await this.narrator.tell(this.history.events);
    this.rig.itIsNow(`${this.history.day}${SAME_DAY_EVERYWHERE}`);
    const args = { familyId: parseUuid(this.narrator.familyId), date: parseCivilDate(date) };
    const { data } = await this.answers.calculateDailyBudget(args, this.rig.as('ada'));
    return answerOf(data);
  }
}

describe('the vectors, from events to answers', () => {
  let rig: HouseholdRig;
  beforeAll(async () => (rig = await HouseholdRig.open()));
  afterAll(() => rig.close());

  it.each(VECTORS.map((vector) => [`${vector.vector}: ${vector.says}`, vector] as const))('%s', async (_, vector) => {
    expect(await tellVector(vector, new RigTeller(vector, rig))).toBeGreaterThan(0);
  });
});
