import { uuidV5, type Sealed } from '@daybook/kernel';
import type { CommandContext, Sealer } from '@daybook/platform';
import { periodOf } from '../budget/calendar.js';
import { sealText } from '../command-shell.js';
import type { CommandOnFamily } from '../family/family-commands.js';
import type { FamilyState } from '../family/family-state.js';
import { categoryNameField, familyNameField, periodReasonField } from '../sealed-fields.js';
import type { ClosePeriod, FixedItem, PlanCommand } from './commands.js';
import type { PlanMessage } from './execute-plan.js';

export interface SealingParts {
  readonly sealer: Sealer;
  /** The family as it is now: which period a day belongs to, which closed periods never change. */
  readonly familyNow: (familyId: string) => Promise<FamilyState>;
}

type Seal = (field: string, text: string) => Promise<Sealed>;
type ArgsOf<Name extends PlanMessage['name']> = Extract<PlanMessage, { name: Name }>['args'];

/** From what was sent to what is decided: ids that a repeat makes again, and personal text sealed for its author. */
export async function sealedCommand(message: PlanMessage, context: CommandContext, parts: SealingParts): Promise<PlanCommand> {
  const { familyId } = message.args;
  const on: CommandOnFamily = { familyId, by: context.actor.userId };
  const seal: Seal = (field, text) => sealText(parts.sealer, on.by, field, text);
  switch (message.name) {
    case 'setBudgetPlan': {
      const { period = null, expectedVersion = null, ...args } = message.args;
      return { type: message.name, ...args, ...on, period, expectedVersion, fixed: await fixedItems(message.args, context, seal) };
    }
    case 'settleFixedItem':
      return { type: message.name, ...on, categoryId: message.args.categoryId, period: message.args.period };
    case 'archiveCategory':
    case 'restoreCategory':
      return { type: message.name, ...on, categoryId: message.args.categoryId };
    case 'addCategory': {
      const { categoryId = uuidV5(context.commandId, 'category'), kind, name } = message.args;
      return { type: message.name, ...on, categoryId, kind, name: await seal(categoryNameField(familyId, categoryId), name) };
    }
    case 'renameCategory': {
      const { categoryId, name } = message.args;
      return { type: message.name, ...on, categoryId, name: await seal(categoryNameField(familyId, categoryId), name) };
    }
    case 'changeFamilySettings': {
      const { name, timeZone = null, effective = 'nextPeriod', startDay = null, endPolicy = null } = message.args;
      const sealed = name === undefined ? null : await seal(familyNameField(familyId), name);
      return { type: message.name, ...on, name: sealed, timeZone, effective, startDay, endPolicy };
    }
    case 'closePeriod':
    case 'reopenPeriod':
      return { type: message.name, ...on, ...(await periodAndReason(message.args, parts, seal)) };
    default:
      throw new Error(`unknown plan message ${JSON.stringify(message satisfies never)}`);
  }
}

/** Categories that are to be made are named by the command and their place in it. */
function fixedItems(
  { familyId, fixed }: ArgsOf<'setBudgetPlan'>,
  { commandId }: CommandContext,
  seal: Seal,
): Promise<FixedItem[]> {
  return Promise.all(
    fixed.map(async ({ name, planned, ...item }, index) => {
      const categoryId = item.categoryId ?? uuidV5(commandId, `category/${index}`);
      return { categoryId, name: name === undefined ? null : await seal(categoryNameField(familyId, categoryId), name), planned };
    }),
  );
}

/** The reason is sealed for the period's first day, by which whoever opens it knows the period. */
async function periodAndReason(
  { familyId, period: day, reason = null }: ArgsOf<'closePeriod'>,
  { familyNow }: SealingParts,
  seal: Seal,
): Promise<Pick<ClosePeriod, 'period' | 'reason'>> {
  const { plan } = await familyNow(familyId);
  const period = (plan.status === 'open' ? periodOf(plan.budget.calendar, day)?.start : undefined) ?? day;
  return { period, reason: reason === null ? null : await seal(periodReasonField(familyId, period), reason) };
}
