import type { Outcome } from '@daybook/eventsourcing';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { todayIn } from '../budget/today.js';
import { envelopeOfUser } from '../command-shell.js';
import type { HouseholdParts } from '../household-parts.js';
import { roleIn } from './authority.js';
import type { FamilyEvent } from './family-events.js';
import { familyFold, type FamilyState } from './family-state.js';
import { familyStream } from './family-stream.js';

/** What every decision on a family's stream may know besides its state. */
export interface FamilyFacts {
  /** Milliseconds since 1970; the decision makes the family's today of it. */
  readonly now: number;
}

/** A user's command to a family that is there. */
export interface CommandOnFamily {
  readonly familyId: string;
  /** Who acts. */
  readonly by: string;
}

export interface FamilyRequest<Command, Facts extends FamilyFacts> {
  readonly familyId: string;
  readonly command: Command;
  decide(command: Command, state: FamilyState, facts: Facts): readonly FamilyEvent[];
  facts(): Promise<Facts> | Facts;
  /** Of a family that this command creates; all others have one. */
  readonly timeZone?: string;
}

export interface FamilyOutcome<Facts> {
  readonly outcome: Outcome<FamilyEvent>;
  /** What the decision stood on; undefined for a repeat, which nobody decides again. */
  readonly decidedOn: { readonly state: FamilyState; readonly facts: Facts } | undefined;
}

type Parts = Pick<HouseholdParts, 'commands' | 'sealer'>;

/** Runs one command of a user on the family's stream. */
export async function runOnFamily<Command, Facts extends FamilyFacts>(
  { commands, sealer }: Parts,
  context: CommandContext,
  request: FamilyRequest<Command, Facts>,
): Promise<FamilyOutcome<Facts>> {
  const { userId } = context.actor;
  const envelope = await envelopeOfUser(context, sealer);
  let decidedOn: FamilyOutcome<Facts>['decidedOn'];
  const outcome = await commands.handle({
    stream: familyStream(request.familyId),
    decider: {
      ...familyFold.decider,
      decide(command: Command, state: FamilyState, facts: Facts) {
        decidedOn = { state, facts };
        return request.decide(command, state, facts);
      },
    },
    events: familyFold.events,
    commandId: context.commandId,
    commandHash: context.commandHash,
    userId,
    command: request.command,
    facts: () => request.facts(),
    envelope: ({ state, facts, recordedAt }) =>
      envelope({ role: roleIn(state, userId), on: todayIn(zonesOf(state, request.timeZone), facts.now), recordedAt }),
    deadlineMs: context.deadlineMs,
  });
  return { outcome, decidedOn: outcome.replayed ? undefined : decidedOn };
}

export function familyAnswer(
  { commandId, position, replayed, quiet }: Outcome<FamilyEvent>,
  familyId: string,
  result: CommandAnswer['result'],
): CommandAnswer {
  return { commandId, position, space: { kind: 'family', id: familyId }, result, replayed, quiet };
}

function zonesOf({ plan }: FamilyState, timeZone: string | undefined) {
  if (plan.status === 'open') return plan.budget.zones;
  return timeZone === undefined ? [] : [{ from: null, timeZone }];
}
