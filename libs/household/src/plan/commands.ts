import type { AddCategory, ArchiveCategory, RenameCategory, RestoreCategory } from './commands-categories.js';
import type { ClosePeriod, ReopenPeriod } from './commands-periods.js';
import type { SetBudgetPlan, SettleFixedItem } from './commands-plan.js';
import type { ChangeFamilySettings } from './commands-settings.js';

export * from './commands-categories.js';
export * from './commands-periods.js';
export * from './commands-plan.js';
export * from './commands-settings.js';

/** What the decider sees: ids are known and personal text is sealed before a decision is made. */
export type PlanCommand =
  | SetBudgetPlan
  | SettleFixedItem
  | AddCategory
  | RenameCategory
  | ArchiveCategory
  | RestoreCategory
  | ChangeFamilySettings
  | ClosePeriod
  | ReopenPeriod;
