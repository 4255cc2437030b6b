import type { FastifyRequest } from 'fastify';

const CLIENT_NAME = /^[\w.+/@ -]{1,80}$/;

/** The program that calls, when it names itself in a form fit for a log; never the browser's User-Agent. */
export function clientOf(request: FastifyRequest): string | null {
  const header = request.headers['daybook-client'];
  return typeof header === 'string' && CLIENT_NAME.test(header) ? header : null;
}
