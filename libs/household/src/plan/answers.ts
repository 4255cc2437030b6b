import type { CommandAnswer } from '@daybook/platform';
import type { CivilDate } from '@daybook/kernel';
import type { FamilyOutcome } from '../family/family-commands.js';
import type { PlanCommand } from './commands.js';
import type { PlanFacts } from './decide.js';
import { periodAt, runningPeriod, sceneOf, type Scene } from './scene.js';

type Outcome = FamilyOutcome<PlanFacts>;

/** What the sender is told: from the events, or, where there was nothing to do, from what the decision stood on. */
export function planResult(command: PlanCommand, done: Outcome): CommandAnswer['result'] {
  switch (command.type) {
    case 'setBudgetPlan':
      return planSetResult(command.period, command.by, done);
    case 'settleFixedItem':
      return { categoryId: command.categoryId, period: periodOfResult(command.period, command.by, done) };
    case 'addCategory':
    case 'renameCategory':
    case 'archiveCategory':
    case 'restoreCategory':
      return { categoryId: command.categoryId };
    case 'changeFamilySettings':
      return settingsResult(done);
    case 'closePeriod':
    case 'reopenPeriod':
      return { period: periodOfResult(command.period, command.by, done) };
    default:
      throw new Error(`unknown plan command ${JSON.stringify(command satisfies never)}`);
  }
}

function planSetResult(period: CivilDate | null, by: string, done: Outcome): CommandAnswer['result'] {
  const { events } = done.outcome;
  const set = events.find(({ type }) => type === 'BudgetPlanSet');
  if (set?.type === 'BudgetPlanSet') {
    const categoryIds = events.flatMap((event) => (event.type === 'CategoryAdded' ? [event.data.categoryId] : []));
    return { version: set.data.fromVersion + 1, period: set.data.period, categoryIds };
  }
  const scene = sceneBehind(by, done);
  const { budget } = scene.plan;
  const start = period === null ? runningPeriod(scene).start : periodAt(budget, period).start;
  return { version: budget.version, period: start, categoryIds: [] };
}

function settingsResult({ outcome: { events } }: Outcome): CommandAnswer['result'] {
  const change = events.find(({ type }) => type === 'FamilySettingsChanged');
  if (change?.type !== 'FamilySettingsChanged') return { changed: [], timeZoneFrom: null, startDayFrom: null };
  const { timeZone, startDay } = change.data;
  return { changed: Object.keys(change.data), timeZoneFrom: timeZone?.from ?? null, startDayFrom: startDay?.from ?? null };
}

function periodOfResult(day: CivilDate, by: string, done: Outcome): CivilDate {
  const [event] = done.outcome.events;
  if (event !== undefined && 'period' in event.data) return event.data.period;
  return periodAt(sceneBehind(by, done).plan.budget, day).start;
}

function sceneBehind(by: string, { decidedOn }: Outcome): Scene {
  if (decidedOn === undefined) throw new Error('a repeat has the events of its first time');
  return sceneOf(decidedOn.state, by, decidedOn.facts.now);
}
