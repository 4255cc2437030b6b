import { formatPosition } from '@daybook/eventsourcing';
import { householdQueries } from '@daybook/household';
import { assertGivenOnce, validationFailedBy, type QueryAnswer } from '@daybook/platform';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { etagOf, hasAlready } from './etag.js';
import { queryBatch } from './query-batch.js';
import { POSITION_WAIT_MS, QueryPipeline, type ShownAnswer } from './query-pipeline.js';

@Controller('v1/queries')
export class QueriesController {
  private readonly pipeline: QueryPipeline;

  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(QueryBus) bus: QueryBus,
  ) {
    this.pipeline = new QueryPipeline({
      ...parts,
      routes: new Map(householdQueries.map((route) => [route.contract.name, route])),
      execute: (message) => bus.execute<object, QueryAnswer>(message),
    });
  }

  @Get(':name')
  async run(
    @Param('name') name: string,
    @Query() query: Record<string, string>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownAnswer | undefined> {
    const { userId } = await this.parts.authentication.authenticator.authenticate(request.headers.authorization);
    assertGivenOnce(query);
    const { minPosition, ...args } = query;
    const answer = await this.pipeline.run({ name, args, userId, minPosition: await this.pipeline.minPositionOf(minPosition) });
    const etag = etagOf(userId, answer);
    reply.headers({
      etag,
      'daybook-position': answer.position,
      'cache-control': 'private, no-cache',
      vary: 'Authorization, Origin',
    });
    if (!hasAlready(request.headers['if-none-match'], etag)) return answer;
    reply.code(304);
    return undefined;
  }

  /** All from one snapshot; what is wrong with one question is its own answer. */
  @Post()
  @HttpCode(200)
  async runBatch(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { userId } = await this.parts.authentication.authenticator.authenticate(request.headers.authorization);
    const batch = queryBatch.safeParse(body);
    if (!batch.success) throw validationFailedBy(batch.error);
    const { queries } = batch.data;
    const minPosition = await this.pipeline.minPositionOf(batch.data.minPosition);
    return this.parts.inOneSnapshot(minPosition, POSITION_WAIT_MS, async (at) => {
      const results: object[] = [];
      for (const [index, { name, args = {} }] of queries.entries()) {
        const answer = this.pipeline.run({ name, args, userId, minPosition });
        results.push(await answer.catch((error: unknown) => ({ problem: this.parts.edge.problemOf(error, request, `/queries/${index}`) })));
      }
      const position = formatPosition(this.parts.log, at);
      reply.header('daybook-position', position);
      return { position, results };
    });
  }
}
