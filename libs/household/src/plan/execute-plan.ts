import { commandRoute, type CommandContext } from '@daybook/platform';
import type { z } from 'zod';
import {
  addCategory,
  archiveCategory,
  changeFamilySettings,
  closePeriod,
  renameCategory,
  reopenPeriod,
  restoreCategory,
  setBudgetPlan,
  settleFixedItem,
} from './commands.js';

interface ArgsByName {
  readonly setBudgetPlan: z.output<typeof setBudgetPlan.args>;
  readonly settleFixedItem: z.output<typeof settleFixedItem.args>;
  readonly addCategory: z.output<typeof addCategory.args>;
  readonly renameCategory: z.output<typeof renameCategory.args>;
  readonly archiveCategory: z.output<typeof archiveCategory.args>;
  readonly restoreCategory: z.output<typeof restoreCategory.args>;
  readonly changeFamilySettings: z.output<typeof changeFamilySettings.args>;
  readonly closePeriod: z.output<typeof closePeriod.args>;
  readonly reopenPeriod: z.output<typeof reopenPeriod.args>;
}

export type PlanMessage = {
  [Name in keyof ArgsByName]: { readonly name: Name; readonly args: ArgsByName[Name] };
}[keyof ArgsByName];

/** What travels over the command bus for this feature: one class around a closed union of messages. */
export class ExecutePlan {
  constructor(
    readonly message: PlanMessage,
    readonly context: CommandContext,
  ) {}
}

export const planCommands = [
  commandRoute(setBudgetPlan, (args, context) => new ExecutePlan({ name: 'setBudgetPlan', args }, context)),
  commandRoute(settleFixedItem, (args, context) => new ExecutePlan({ name: 'settleFixedItem', args }, context)),
  commandRoute(addCategory, (args, context) => new ExecutePlan({ name: 'addCategory', args }, context)),
  commandRoute(renameCategory, (args, context) => new ExecutePlan({ name: 'renameCategory', args }, context)),
  commandRoute(archiveCategory, (args, context) => new ExecutePlan({ name: 'archiveCategory', args }, context)),
  commandRoute(restoreCategory, (args, context) => new ExecutePlan({ name: 'restoreCategory', args }, context)),
  commandRoute(changeFamilySettings, (args, context) => new ExecutePlan({ name: 'changeFamilySettings', args }, context)),
  commandRoute(closePeriod, (args, context) => new ExecutePlan({ name: 'closePeriod', args }, context)),
  commandRoute(reopenPeriod, (args, context) => new ExecutePlan({ name: 'reopenPeriod', args }, context)),
];
