import { parseCivilDate, uuidV5 } from '@daybook/kernel';
import { HOME, planSet } from '../../../../test/support/budget-events.js';
import { home, homeWithoutPlan, memberJoined, planRules, rent, RENT, rentAdded, setPlan, UNNAMED } from '../../../../test/support/plan-rules.js';
import { evolveFamily } from '../family/family-state.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { PlanCommand } from './commands.js';
import { planDecider } from './decide.js';
import { evolvePlan, initialPlan } from './state.js';

const on = { familyId: HOME, by: 'ada' };
const period = parseCivilDate('2026-04-01');
const commands: readonly PlanCommand[] = [
  setPlan(),
  { type: 'settleFixedItem', ...on, categoryId: UNNAMED, period },
  { type: 'addCategory', ...on, categoryId: uuidV5(HOME, 'new'), kind: 'variable', name: rent },
  { type: 'renameCategory', ...on, categoryId: UNNAMED, name: rent },
  { type: 'archiveCategory', ...on, categoryId: RENT },
  { type: 'restoreCategory', ...on, categoryId: RENT },
  { type: 'changeFamilySettings', ...on, name: null, timeZone: null, effective: 'now', startDay: 25, endPolicy: null },
  { type: 'closePeriod', ...on, period, reason: null },
  { type: 'reopenPeriod', ...on, period, reason: null },
];
const rules = planRules('2026-05-10');

describe.each(commands.map((command) => [command.type, command] as const))('%s', (_, command) => {
  it('is refused to members who are no managers', () => {
    for (const by of ['bob', 'carol']) rules.given(...home()).when({ ...command, by }).refuses('FORBIDDEN');
  });

  it('is for every manager', () => {
    const decision = rules.given(...home(), rentAdded(), memberJoined('bob', 'manager')).when({ ...command, by: 'bob' });
    expect(decision.isRefused()).toBe(false);
  });

  it('tells strangers that there is nothing, whether there is a family or not', () => {
    rules.given(...home()).when({ ...command, by: 'stranger' }).refuses('NOT_FOUND');
    rules.given().when(command).refuses('NOT_FOUND');
  });
});

describe('the plan of a family', () => {
  it('is folded as everybody folds a family', () => {
    expect(planDecider.evolve).toBe(evolveFamily);
  });

  it('stops at a command and at an event it does not know', () => {
    const unknown = { ...setPlan(), type: 'teleport' } as unknown as PlanCommand;
    expect(() => rules.given(...home()).when(unknown).then()).toThrow('unknown plan command');
    const event = { type: 'FamilyTeleported', data: {} } as unknown as FamilyEvent;
    const state = home().reduce(evolvePlan, initialPlan);
    expect(() => evolvePlan(state, event)).toThrow('unknown family event');
  });

  it('remembers the plan the family began with, whatever is planned later', () => {
    const later = planSet('2026-04-01', { income: 1 }, 1) as FamilyEvent;
    const state = [...home(), later].reduce(evolvePlan, initialPlan);
    expect(state).toMatchObject({ openingPlan: { income: '500000', fromVersion: 0 }, budget: { version: 2 } });
    expect(homeWithoutPlan().reduce(evolvePlan, initialPlan)).toMatchObject({ openingPlan: null });
  });

  it('cannot begin before the family does, and knows no change of a category that was never added', () => {
    expect(() => evolvePlan(initialPlan, rentAdded())).toThrow('never created');
    const archived: FamilyEvent = { type: 'CategoryArchived', data: { categoryId: RENT } };
    expect(() => evolvePlan(home().reduce(evolvePlan, initialPlan), archived)).toThrow('never added');
  });
});
