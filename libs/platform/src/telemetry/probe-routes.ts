import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Health, HealthAnswer } from './health.js';
import type { Metrics } from './metrics.js';

/** Where supervisors and load balancers look. No token: the answers say nothing that is worth one. */
export function installHealthRoutes(app: FastifyInstance, health: Health): void {
  const send = (reply: FastifyReply, { status, body }: HealthAnswer) => reply.code(status).send(body);
  app.get('/health/live', (_request, reply) => send(reply, health.live()));
  app.get('/health/startup', (_request, reply) => send(reply, health.startup()));
  app.get('/health/ready', async (_request, reply) => send(reply, await health.ready()));
}

export function installMetricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
}

/** Times every request by route pattern, never by path: ids must not become labels. */
export function installHttpMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    metrics.observeHttp(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}
