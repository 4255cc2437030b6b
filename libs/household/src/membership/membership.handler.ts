import { civilDateIn, DaybookError, parseTimeZone, uuidV5, type Sealed } from '@daybook/kernel';
import { envelopeOf } from '@daybook/eventsourcing';
import { SubjectForgottenError, type CommandAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { familyStream } from '../family/family-stream.js';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import type { MembershipCommand } from './commands.js';
import { membershipDecider } from './decide.js';
import { membershipEvents } from './events.js';
import { ExecuteMembership } from './execute-membership.js';

/** Seals, names and dates what the decider may not know how to, then lets it decide on the family's stream. */
@CommandHandler(ExecuteMembership)
export class MembershipHandler implements ICommandHandler<ExecuteMembership, CommandAnswer> {
  constructor(@Inject(HOUSEHOLD_PARTS) private readonly parts: HouseholdParts) {}

  async execute(request: ExecuteMembership): Promise<CommandAnswer> {
    const { context } = request;
    const command = await this.commandOf(request);
    const { familyId } = command;
    const ip = context.ip === null ? null : await this.seal(context.actor.userId, `${context.commandId}/ip`, context.ip);
    const outcome = await this.parts.commands.handle({
      stream: familyStream(familyId),
      decider: membershipDecider,
      events: membershipEvents,
      commandId: context.commandId,
      commandHash: context.commandHash,
      userId: context.actor.userId,
      command,
      facts: () => undefined,
      envelope: ({ state, recordedAt }) =>
        envelopeOf({
          ...context,
          actor: {
            userId: context.actor.userId,
            kind: 'user',
            role: state.status === 'unborn' ? null : (state.members[context.actor.userId] ?? null),
          },
          ip: ip === null ? null : { ...ip },
          on: civilDateIn(parseTimeZone(state.status === 'unborn' ? command.timeZone : state.timeZone), this.parts.clock.now()),
          recordedAt,
        }),
      deadlineMs: context.deadlineMs,
    });
    return {
      commandId: outcome.commandId,
      position: outcome.position,
      space: { kind: 'family', id: familyId },
      result: { familyId },
      replayed: outcome.replayed,
    };
  }

  private async commandOf({ message, context }: ExecuteMembership): Promise<MembershipCommand> {
    switch (message.name) {
      case 'createFamily': {
        const { name, currency, timeZone } = message.args;
        // Derived from the command, so that a repeat without a familyId finds the family it made.
        const familyId = message.args.familyId ?? uuidV5(context.commandId, 'family');
        const founder = context.actor.userId;
        const sealedName = await this.seal(founder, `family-${familyId}/name`, name);
        return { type: 'createFamily', familyId, name: sealedName, currency, timeZone, founder };
      }
      default:
        throw new Error(`unknown membership command ${JSON.stringify(message.name satisfies never)}`);
    }
  }

  private async seal(subject: string, context: string, text: string): Promise<Sealed> {
    try {
      return await this.parts.sealer.seal(subject, context, text);
    } catch (error) {
      if (!(error instanceof SubjectForgottenError)) throw error;
      throw new DaybookError('USER_UNKNOWN', 'This user was forgotten for good; sign in as another one.');
    }
  }
}
