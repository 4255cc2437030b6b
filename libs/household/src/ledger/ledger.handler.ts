import { DaybookError } from '@daybook/kernel';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { amendOnLedger, voidOnLedger } from './change-transaction.js';
import { ExecuteLedger, type CreateArgs } from './execute-ledger.js';
import { FreshFamilies } from './fresh-families.js';
import type { LedgerParts } from './ledger-parts.js';
import { OtherMonths, TRANSACTION_FINDER, type TransactionFinder } from './other-months.js';
import { recordTransaction } from './record-transaction.js';

/** Finds the month a command belongs to, seals what people wrote, and lets the decider decide on that ledger. */
@CommandHandler(ExecuteLedger)
export class LedgerHandler implements ICommandHandler<ExecuteLedger, CommandAnswer> {
  private readonly parts: LedgerParts;
  private readonly otherMonths: OtherMonths;

  constructor(
    @Inject(HOUSEHOLD_PARTS) parts: Pick<HouseholdParts, 'commands' | 'sealer' | 'clock' | 'timers' | 'random'>,
    @Inject(TRANSACTION_FINDER) finder: TransactionFinder,
  ) {
    this.parts = { ...parts, families: new FreshFamilies(parts.commands) };
    this.otherMonths = new OtherMonths(parts, finder);
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
