import { formatPosition } from '@daybook/eventsourcing';
import { noteCommandId, type CommandAnswer } from '@daybook/platform';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { householdCommands } from '@daybook/household';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { clientOf } from './caller.js';
import { CommandPipeline } from './command-pipeline.js';
import { parseIdempotencyKey, parsePreferWait } from './request-headers.js';

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
    const answer = await this.pipeline.run({
      name,
      args,
      idempotencyKey: parseIdempotencyKey(request.headers['idempotency-key']),
      principal,
      traceId: request.trace.traceId,
      client: clientOf(request),
      ip: request.ip,
    });
    if (answer.replayed) reply.header('idempotency-replayed', 'true');
    const position = formatPosition(this.parts.log, answer.position);
    reply.header('daybook-position', position);
    const projected = await this.waitIfPreferred(answer, parsePreferWait(request.headers['prefer']), reply);
    return { commandId: answer.commandId, position, result: answer.result, projected };
  }

  private async waitIfPreferred(answer: CommandAnswer, seconds: number | undefined, reply: FastifyReply): Promise<boolean> {
    if (seconds === undefined) return false;
    reply.header('preference-applied', `wait=${seconds}`);
    return this.parts.waitUntilProjected(answer.space, answer.position, seconds * 1_000);
  }
}
