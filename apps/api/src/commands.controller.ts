import { formatPosition } from '@daybook/eventsourcing';
import { householdCommands } from '@daybook/household';
import { noteCommandId, validationFailedBy, type CommandAnswer, type Principal } from '@daybook/platform';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerMemory } from './answer-memory.js';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { clientOf } from './caller.js';
import { commandBatch, runCommandBatch, type BatchOutcome } from './command-batch.js';
import { CommandPipeline, type CommandRequest } from './command-pipeline.js';
import { NOT_WAITED, untilAllProjected, type Projected } from './projected.js';
import { assertNoBatchKey, parseIdempotencyKey, parsePreferWait } from './request-headers.js';
import { RunningCommands } from './running-commands.js';

/** Longer than any healthy append, short enough that nobody looks at a spinner without an answer. */
const COMMAND_DEADLINE_MS = 5_000;

@Controller('v1/commands')
export class CommandsController {
  private readonly pipeline: CommandPipeline;

  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(CommandBus) bus: CommandBus,
  ) {
    this.pipeline = new CommandPipeline({
      routes: new Map(householdCommands.map((route) => [route.contract.name, route])),
      execute: (message) => bus.execute<object, CommandAnswer>(message),
      commandHash: parts.commandHash,
      random: parts.random,
      running: new RunningCommands(parts.timers),
      memory: new AnswerMemory({ ...parts, identity: parts.log, log: parts.logger }),
      deadlineMs: COMMAND_DEADLINE_MS,
      onCommandId: noteCommandId,
    });
  }

  @Post(':name')
  @HttpCode(200)
  async run(
    @Param('name') name: string,
    @Body() args: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const principal = await this.parts.authentication.authenticator.authenticate(request.headers.authorization);
    const idempotencyKey = parseIdempotencyKey(request.headers['idempotency-key']);
    const answer = await this.pipeline.run({ name, args, idempotencyKey, ...from(request, principal) });
    if (answer.replayed) reply.header('idempotency-replayed', 'true');
    const [projected = NOT_WAITED] = await this.waitIfPreferred([answer], request, reply);
    return this.shown(answer, projected);
  }

  @Post()
  @HttpCode(200)
  async runBatch(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const principal = await this.parts.authentication.authenticator.authenticate(request.headers.authorization);
    assertNoBatchKey(request.headers['idempotency-key']);
    const batch = commandBatch.safeParse(body);
    if (!batch.success) throw validationFailedBy(batch.error);
    const outcomes = await runCommandBatch(batch.data.commands, {
      run: ({ name, args = {}, idempotencyKey }) => this.pipeline.run({ name, args, idempotencyKey, ...from(request, principal) }),
      isOver: () => this.parts.edge.isDraining() || reply.raw.destroyed,
    });
    const answers = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const projected = await this.waitIfPreferred(answers, request, reply);
    return { results: this.results(outcomes, projected, request) };
  }

  private results(outcomes: readonly BatchOutcome[], projected: readonly Projected[], request: FastifyRequest): object[] {
    const waits = projected.values();
    return outcomes.map((outcome, index) => {
      if ('refusal' in outcome) return { problem: this.parts.edge.problemOf(outcome.refusal, request, `/commands/${index}`) };
      const { answer } = outcome;
      return { ...this.shown(answer, waits.next().value ?? NOT_WAITED), ...(answer.replayed && { replayed: true }) };
    });
  }

  private shown({ commandId, position, result }: CommandAnswer, projected: Projected): object {
    return { commandId, position: formatPosition(this.parts.log, position), result, ...projected };
  }

  /** For all answers at once, each up to the last position of its family; in their order. */
  private async waitIfPreferred(answers: readonly CommandAnswer[], request: FastifyRequest, reply: FastifyReply): Promise<readonly Projected[]> {
    const positions = answers.map(({ position }) => formatPosition(this.parts.log, position)).sort();
    const last = positions.at(-1);
    if (last !== undefined) reply.header('daybook-position', last);
    const seconds = parsePreferWait(request.headers['prefer']);
    if (seconds === undefined) return answers.map(() => NOT_WAITED);
    reply.header('preference-applied', `wait=${seconds}`);
    return untilAllProjected(answers, (space, position) => this.parts.untilProjected(space, position, seconds * 1_000));
  }
}

function from(request: FastifyRequest, principal: Principal): Pick<CommandRequest, 'principal' | 'traceId' | 'client' | 'ip'> {
  return { principal, traceId: request.trace.traceId, client: clientOf(request), ip: request.ip };
}
