import { commandRoute, type CommandContext } from '@daybook/platform';
import type { z } from 'zod';
import { amendTransaction, createTransaction, recordRefund, voidTransaction } from './commands.js';

export type CreateArgs = z.output<typeof createTransaction.args>;
export type RefundArgs = z.output<typeof recordRefund.args>;
export type AmendArgs = z.output<typeof amendTransaction.args>;
export type VoidArgs = z.output<typeof voidTransaction.args>;

export type LedgerMessage =
  | { readonly name: 'createTransaction'; readonly args: CreateArgs }
  | { readonly name: 'recordRefund'; readonly args: RefundArgs }
  | { readonly name: 'amendTransaction'; readonly args: AmendArgs }
  | { readonly name: 'voidTransaction'; readonly args: VoidArgs };

/** What travels over the command bus for this feature. */
export class ExecuteLedger {
  constructor(
    readonly message: LedgerMessage,
    readonly context: CommandContext,
  ) {}
}

export const ledgerCommands = [
  commandRoute(createTransaction, (args, context) => new ExecuteLedger({ name: 'createTransaction', args }, context)),
  commandRoute(recordRefund, (args, context) => new ExecuteLedger({ name: 'recordRefund', args }, context)),
  commandRoute(amendTransaction, (args, context) => new ExecuteLedger({ name: 'amendTransaction', args }, context)),
  commandRoute(voidTransaction, (args, context) => new ExecuteLedger({ name: 'voidTransaction', args }, context)),
];
