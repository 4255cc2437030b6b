import { DaybookError } from '@daybook/kernel';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { TransactionsQueries } from '../transactions/index.js';
import { amendOnLedger, voidOnLedger } from './change-transaction.js';
import { ExecuteLedger, type CreateArgs } from './execute-ledger.js';
import { OtherMonths } from './other-months.js';
import { recordTransaction } from './record-transaction.js';

/** Finds the month a command belongs to, seals what people wrote, and lets the decider decide on that ledger. */
@CommandHandler(ExecuteLedger)
export class LedgerHandler implements ICommandHandler<ExecuteLedger, CommandAnswer> {
  private readonly otherMonths: OtherMonths;

  constructor(@Inject(HOUSEHOLD_PARTS) private readonly parts: HouseholdParts) {
    const { readModels, sealer, clock } = parts;
    this.otherMonths = new OtherMonths(parts, new TransactionsQueries(readModels(), sealer, clock));
  }

  async execute({ message, context }: ExecuteLedger): Promise<CommandAnswer> {
    switch (message.name) {
      case 'createTransaction':
        requireCaller(message.args, context);
        return recordTransaction(this.parts, this.otherMonths, message.args, context);
      case 'recordRefund':
        return recordTransaction(this.parts, this.otherMonths, { ...message.args, type: 'refund' }, context);
      case 'amendTransaction':
        return amendOnLedger(this.parts, message.args, context);
      case 'voidTransaction':
        return voidOnLedger(this.parts, message.args, context);
      default:
        throw new Error(`unknown ledger command ${JSON.stringify(message satisfies never)}`);
    }
  }
}

function requireCaller({ userId }: CreateArgs, { actor }: CommandContext): void {
  if (userId === undefined || userId === actor.userId) return;
  throw new DaybookError('ACTOR_MISMATCH', 'Leave userId out: the caller records. Say in paidBy who paid.');
}
