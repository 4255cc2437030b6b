import { DaybookError } from '@daybook/kernel';
import { formatPosition, parsePosition } from '@daybook/eventsourcing';
import { householdQueries } from '@daybook/household';
import { assertGivenOnce, validationFailedBy, type QueryAnswer } from '@daybook/platform';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts.js';

/** How long a query waits for the position its caller names before it says that the read model is behind. */
const POSITION_WAIT_MS = 500;

@Controller('v1/queries')
export class QueriesController {
  private readonly routes = new Map(householdQueries.map((route) => [route.contract.name, route]));

  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(QueryBus) private readonly bus: QueryBus,
  ) {}

  @Get(':name')
  async run(
    @Param('name') name: string,
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const principal = await this.parts.authentication.authenticator.authenticate(request.headers.authorization);
    const route = this.routes.get(name);
    if (route === undefined) throw new DaybookError('UNKNOWN_QUERY', `There is no query "${name}"; /docs lists them all.`);
    assertGivenOnce(query);
    const { minPosition, ...given } = query;
    const args = route.contract.args.safeParse(given);
    if (!args.success) throw validationFailedBy(args.error);
    const message = route.toBus(args.data, {
      userId: principal.userId,
      minPosition: minPosition === undefined ? undefined : parsePosition(this.parts.log, String(minPosition)),
      timeoutMs: POSITION_WAIT_MS,
    });
    const answer = await this.bus.execute<object, QueryAnswer>(message);
    const position = formatPosition(this.parts.log, answer.position);
    reply.headers({ 'daybook-position': position, 'cache-control': 'private, no-cache', vary: 'Authorization, Origin' });
    const stale = answer.stale ?? this.parts.catchingUp();
    const { data, nextCursor } = answer;
    return { data, position, ...(nextCursor !== undefined && { nextCursor }), ...(stale && { stale }) };
  }
}
