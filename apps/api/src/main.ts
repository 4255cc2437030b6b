import type { HouseholdParts } from '@daybook/household';
import type { ArgumentsHost } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiParts } from './api-parts.js';
import { ApiModule } from './api.module.js';

/** Puts commands, queries and pages on a server that has its edge already; the caller lets it listen. */
export async function mountApi(
  server: FastifyInstance,
  parts: ApiParts,
  household: HouseholdParts,
): Promise<NestFastifyApplication> {
  // Nest takes an address with and without a slash for the same one and then serves only the latter.
  for (const page of ['/docs', '/docs/errors']) {
    server.get(`${page}/`, (_request, reply) => reply.redirect(page, 308));
  }
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.with(parts, household),
    new FastifyAdapter(server as never),
    { logger: ['error', 'fatal'], abortOnError: false, bodyParser: false },
  );
  // The edge turns every error into a problem; Nest's own shape never leaves the house.
  app.useGlobalFilters({
    catch(thrown: unknown, host: ArgumentsHost) {
      const http = host.switchToHttp();
      parts.edge.answerError(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    },
  });
  await app.init();
  return app;
}
