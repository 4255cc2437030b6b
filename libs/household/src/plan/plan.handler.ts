import type { CommandAnswer } from '@daybook/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { familyAnswer, runOnFamily } from '../family/family-commands.js';
import { familyFold } from '../family/family-state.js';
import { familyStream } from '../family/family-stream.js';
import { HOUSEHOLD_PARTS, type HouseholdParts } from '../household-parts.js';
import { planResult } from './answers.js';
import type { PlanCommand } from './commands.js';
import { planDecider, type PlanFacts } from './decide.js';
import { ExecutePlan } from './execute-plan.js';
import { sealedCommand } from './seal-command.js';

/** Seals and names what the decider may not know how to, then lets it decide on the family's stream. */
@CommandHandler(ExecutePlan)
export class PlanHandler implements ICommandHandler<ExecutePlan, CommandAnswer> {
  constructor(@Inject(HOUSEHOLD_PARTS) private readonly parts: HouseholdParts) {}

  async execute({ message, context }: ExecutePlan): Promise<CommandAnswer> {
    const { commands, sealer } = this.parts;
    const familyNow = async (familyId: string) => (await commands.read(familyStream(familyId), familyFold)).state;
    const command = await sealedCommand(message, context, { sealer, familyNow });
    const done = await runOnFamily(this.parts, context, {
      familyId: command.familyId,
      command,
      decide: (...decision) => planDecider.decide(...decision),
      facts: () => this.factsFor(command),
    });
    return familyAnswer(done.outcome, command.familyId, planResult(command, done));
  }

  private async factsFor(command: PlanCommand): Promise<PlanFacts> {
    const { figuresAtClose, clock } = this.parts;
    const shown = command.type === 'closePeriod' ? await figuresAtClose(command.familyId, command.period) : null;
    return { now: clock.now(), shown };
  }
}
