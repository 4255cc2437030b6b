import { ledgerMonthOf } from '@daybook/kernel';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { sealText } from '../command-shell.js';
import { descriptionField, voidReasonField } from '../sealed-fields.js';
import type { AmendTransaction } from './commands.js';
import type { AmendArgs, VoidArgs } from './execute-ledger.js';
import type { LedgerParts } from './ledger-parts.js';
import { runOnLedger } from './run-on-ledger.js';
import { todayOfFamily } from './today-of-family.js';

const NOTHING_ELSEWHERE = () => Promise.resolve({ elsewhere: null, original: null });

export async function amendOnLedger(parts: LedgerParts, args: AmendArgs, context: CommandContext): Promise<CommandAnswer> {
  const { familyId, transactionId, expectedVersion, lateEntry } = args;
  const month = ledgerMonthOf(transactionId);
  const actor = context.actor.userId;
  const changes = await changesOf(parts, args, actor);
  const acceptsClosedPeriod = lateEntry === 'adjustCurrent';
  const command = { type: 'amendTransaction', familyId, actor, transactionId, expectedVersion, changes, acceptsClosedPeriod } as const;
  return runOnLedger(parts, context, month, command, NOTHING_ELSEWHERE);
}

export async function voidOnLedger(parts: LedgerParts, args: VoidArgs, context: CommandContext): Promise<CommandAnswer> {
  const { familyId, transactionId, expectedVersion, lateEntry } = args;
  const month = ledgerMonthOf(transactionId);
  const actor = context.actor.userId;
  const text = args.reason ?? null;
  const reason = text === null ? null : await sealText(parts.sealer, actor, voidReasonField(familyId, transactionId), text);
  const acceptsClosedPeriod = lateEntry === 'adjustCurrent';
  const command = { type: 'voidTransaction', familyId, actor, transactionId, expectedVersion, reason, acceptsClosedPeriod } as const;
  return runOnLedger(parts, context, month, command, NOTHING_ELSEWHERE);
}

/** Only what was named. */
async function changesOf(parts: LedgerParts, args: AmendArgs, actor: string): Promise<AmendTransaction['changes']> {
  const { familyId, transactionId, amount, category, type, incomeKind, paidBy, date, description: text } = args;
  const field = descriptionField(familyId, transactionId);
  const day = date === 'today' ? await todayOfFamily(parts, familyId, actor) : date;
  const description = typeof text === 'string' ? await sealText(parts.sealer, actor, field, text) : text;
  return {
    ...(amount !== undefined && { amount }),
    ...(category !== undefined && { category }),
    ...(type !== undefined && { type }),
    ...(incomeKind !== undefined && { incomeKind }),
    ...(paidBy !== undefined && { paidBy }),
    ...(day !== undefined && { date: day }),
    ...(description !== undefined && { description }),
  };
}
