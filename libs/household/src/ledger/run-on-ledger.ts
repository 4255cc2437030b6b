import { DaybookError, type CivilMonth } from '@daybook/kernel';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { todayIn } from '../budget/today.js';
import { envelopeOfUser } from '../command-shell.js';
import { roleIn } from '../family/authority.js';
import { familyFold, type FamilyState } from '../family/family-state.js';
import { familyStream, ledgerStream } from '../family/family-stream.js';
import { descriptionField } from '../sealed-fields.js';
import { shownTextOrNull } from '../shown-text.js';
import { shownTransaction, type ShownTransaction } from '../shown-transaction.js';
import type { LedgerCommand } from './commands.js';
import { ledgerDecider, type LedgerFacts } from './decide.js';
import { categoryOf } from './decide-content.js';
import type { LedgerEvent } from './events.js';
import { ledgerFold } from './ledger-fold.js';
import type { LedgerParts } from './ledger-parts.js';
import { recordedUnder, transactionIn, type LedgerState, type LedgerTransaction } from './state.js';
import { TransactionConflict } from './transaction-conflict.js';

/** What other months have to say, asked for every decision. */
export type OtherFacts = Pick<LedgerFacts, 'elsewhere' | 'original'>;

interface Facts extends LedgerFacts {
  readonly familyRevision: bigint;
}

/** Runs one command of a user on a month of a family's ledger. */
export async function runOnLedger(
  parts: LedgerParts,
  context: CommandContext,
  month: CivilMonth,
  command: LedgerCommand,
  otherFacts: () => Promise<OtherFacts>,
): Promise<CommandAnswer> {
  const { commands, clock, families, sealer } = parts;
  const { userId } = context.actor;
  const { familyId } = command;
  const stream = ledgerStream(familyId, month);
  const envelope = await envelopeOfUser(context, sealer);
  const handled = commands.handle<LedgerState, LedgerCommand, LedgerEvent, Facts>({
    stream,
    decider: ledgerDecider,
    events: ledgerFold.events,
    commandId: context.commandId,
    commandHash: context.commandHash,
    userId,
    command,
    // Of another stream: read for every decision, so that a refusal stands on the family as it is.
    async facts() {
      const [family, others] = await Promise.all([families.read(familyId), otherFacts()]);
      return { ...others, family: family.state, familyRevision: family.revision, now: clock.now() };
    },
    envelope({ facts: { family, familyRevision, now }, recordedAt }) {
      return envelope({ role: roleIn(family, userId), on: todayIn(zonesOf(family), now), recordedAt, familyRevision });
    },
    deadlineMs: context.deadlineMs,
  });
  const { commandId, position, replayed, quiet, events } = await handled.catch((error: unknown) => opened(parts, command, error));
  const [event] = events;
  const result = event === undefined ? present(command, (await commands.state(stream, ledgerFold)).state) : answerOf(event);
  return { commandId, position, space: { kind: 'family', id: familyId }, result, replayed, quiet };
}

/** There was nothing to do: the transaction as it is. */
function present(command: LedgerCommand, state: LedgerState): CommandAnswer['result'] {
  const transaction =
    command.type === 'createTransaction'
      ? recordedUnder(state, command.familyId, command.clientId)
      : transactionIn(state, command.transactionId);
  if (transaction === undefined) throw new Error('a transaction was there, and is not any more');
  const { transactionId, version, current } = transaction;
  return { transactionId, version, ...(command.type === 'createTransaction' && { date: current.date }) };
}

function answerOf(event: LedgerEvent): CommandAnswer['result'] {
  const { transactionId } = event.data;
  switch (event.type) {
    case 'TransactionRecorded':
      return { transactionId, version: 1, date: event.data.date };
    case 'TransactionAmended':
    case 'TransactionVoided':
      return { transactionId, version: event.data.fromVersion + 1 };
    default:
      throw new Error(`unknown ledger event ${JSON.stringify(event satisfies never)}`);
  }
}

/** A conflict shows the transaction as it is by now, with the words of its author. */
async function opened(parts: LedgerParts, command: LedgerCommand, error: unknown): Promise<never> {
  if (!(error instanceof TransactionConflict)) throw error;
  const { transaction, detail, data } = error;
  const { state } = await parts.commands.state(familyStream(command.familyId), familyFold);
  const current = await shown(parts, command, transaction, state);
  throw new DaybookError('VERSION_CONFLICT', detail, { ...data, current });
}

async function shown(
  { sealer }: LedgerParts,
  { familyId, actor }: LedgerCommand,
  { current, ...transaction }: LedgerTransaction,
  family: FamilyState,
): Promise<ShownTransaction> {
  const description = await shownTextOrNull(sealer, current.description, descriptionField(familyId, transaction.transactionId));
  const { amountMinor, currency } = current.money;
  const facts = {
    ...transaction,
    ...current,
    amountMinor: BigInt(amountMinor),
    currency,
    category: current.lines[0]?.kind ?? 'variable',
    categoryId: categoryOf(current),
    description,
  };
  return shownTransaction(facts, { userId: actor, role: roleIn(family, actor) ?? 'viewer' });
}

function zonesOf({ plan }: FamilyState) {
  if (plan.status === 'open') return plan.budget.zones;
  throw new Error('an entry was accepted for a family that was never created');
}
