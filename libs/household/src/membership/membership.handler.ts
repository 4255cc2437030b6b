import { uuidV5 } from '@daybook/kernel';
import type { CommandAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { sealText } from '../command-shell.js';
import { familyAnswer, runOnFamily } from '../family/family-commands.js';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { familyNameField } from '../sealed-fields.js';
import type { MembershipCommand, PlanAmounts } from './commands.js';
import { membershipDecider } from './decide.js';
import { ExecuteMembership, type CreateFamilyArgs } from './execute-membership.js';

/** Seals and names what the decider may not know how to, then lets it decide on the family's stream. */
@CommandHandler(ExecuteMembership)
export class MembershipHandler implements ICommandHandler<ExecuteMembership, CommandAnswer> {
  constructor(@Inject(HOUSEHOLD_PARTS) private readonly parts: HouseholdParts) {}

  async execute(request: ExecuteMembership): Promise<CommandAnswer> {
    const command = await this.commandOf(request);
    const { familyId, timeZone } = command;
    const { outcome } = await runOnFamily(this.parts, request.context, {
      familyId,
      timeZone,
      command,
      decide: (...decision) => membershipDecider.decide(...decision),
      facts: () => ({ now: this.parts.clock.now() }),
    });
    return familyAnswer(outcome, familyId, { familyId });
  }

  private async commandOf({ message, context }: ExecuteMembership): Promise<MembershipCommand> {
    switch (message.name) {
      case 'createFamily': {
        const { name, currency, timeZone, budgetStartDate, startDay, carryMode, endPolicy } = message.args;
        // Derived from the command, so that a repeat without a familyId finds the family it made.
        const familyId = message.args.familyId ?? uuidV5(context.commandId, 'family');
        const founder = context.actor.userId;
        return {
          type: 'createFamily',
          familyId,
          name: await sealText(this.parts.sealer, founder, familyNameField(familyId), name),
          currency,
          timeZone,
          founder,
          budgetStartDate: budgetStartDate ?? null,
          startDay: startDay ?? null,
          carryMode,
          endPolicy,
          plan: amountsOf(message.args),
        };
      }
      default:
        throw new Error(`unknown membership command ${JSON.stringify(message.name satisfies never)}`);
    }
  }
}

/** The contract has made sure that it is all three or none. */
function amountsOf({ monthlyIncome, fixedExpenses, savingsGoal }: CreateFamilyArgs): PlanAmounts | null {
  if (monthlyIncome === undefined || fixedExpenses === undefined || savingsGoal === undefined) return null;
  return { monthlyIncome, fixedExpenses, savingsGoal };
}
