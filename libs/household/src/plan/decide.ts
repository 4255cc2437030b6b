import type { Decider } from '@daybook/eventsourcing';
import type { FamilyFacts } from '../family/family-commands.js';
import type { FamilyEvent } from '../family/family-events.js';
import { evolveFamily, initialFamily, type FamilyState } from '../family/family-state.js';
import type { PlanCommand } from './commands.js';
import { decideAddCategory, decideArchiveCategory, decideRenameCategory, decideRestoreCategory } from './decide-categories.js';
import { decideClosePeriod, decideReopenPeriod, type Shown } from './decide-periods.js';
import { decideSetBudgetPlan, decideSettleFixedItem } from './decide-plan.js';
import { decideChangeFamilySettings } from './decide-settings.js';
import type { PlanEvent } from './events.js';
import { sceneOf } from './scene.js';

export interface PlanFacts extends FamilyFacts {
  /** Of the period that is to be closed; null when nobody could tell, and for all other commands. */
  readonly shown: Shown;
}

function decide(command: PlanCommand, state: FamilyState, { now, shown }: PlanFacts): readonly PlanEvent[] {
  const scene = sceneOf(state, command.by, now);
  switch (command.type) {
    case 'setBudgetPlan':
      return decideSetBudgetPlan(command, scene);
    case 'settleFixedItem':
      return decideSettleFixedItem(command, scene);
    case 'addCategory':
      return decideAddCategory(command, scene);
    case 'renameCategory':
      return decideRenameCategory(command, scene);
    case 'archiveCategory':
      return decideArchiveCategory(command, scene);
    case 'restoreCategory':
      return decideRestoreCategory(command, scene);
    case 'changeFamilySettings':
      return decideChangeFamilySettings(command, scene);
    case 'closePeriod':
      return decideClosePeriod(command, scene, shown);
    case 'reopenPeriod':
      return decideReopenPeriod(command, scene);
    default:
      throw new Error(`unknown plan command ${JSON.stringify(command satisfies never)}`);
  }
}

export const planDecider: Decider<FamilyState, PlanCommand, FamilyEvent, PlanFacts> = {
  initial: initialFamily,
  evolve: evolveFamily,
  decide,
};
