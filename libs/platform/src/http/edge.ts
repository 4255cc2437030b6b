import type { Server } from 'node:http';
import { DaybookError, type Log, type Random, type Timers } from '@daybook/kernel';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runInTrace, traceFrom, type TraceContext } from '../telemetry/context.js';
import { answerClientError } from './client-errors.js';
import { appendVary, applyCors } from './cors.js';
import { toDaybookError } from './framework-errors.js';
import { assertServedHost } from './host-check.js';
import { InFlight, type DrainOutcome } from './in-flight.js';
import { installJsonBody } from './json-body.js';
import { isLoopbackHost } from '../system/loopback.js';
import { assertAcceptable } from './negotiation.js';
import { originPolicy, type OriginPolicy } from './origin-policy.js';
import { problemAnswer, type Problem } from './problem.js';
import { RouteTable } from './route-table.js';
import { applyCacheDefault, applySecurityHeaders } from './security-headers.js';

export interface EdgeOptions {
  /** Asked at each request: the port may be known only after listening. */
  readonly publicUrl: () => string;
  /** The address the server binds to. */
  readonly host: string;
  readonly corsOrigins: readonly string[];
  readonly allowLoopbackOrigins: boolean;
  /** Addresses or ranges of proxies whose X-Forwarded-For counts, or how many hops of them; false for none. */
  readonly trustProxy: boolean | number | string | string[];
  /** TLS here or in front: says that browsers may be told to insist on it. */
  readonly isTls: boolean;
  /** False when Nest sits on top: it brings its own handlers, and its filter calls `answerError`. */
  readonly ownsErrorHandlers: boolean;
  readonly log: Log;
  readonly random: Random;
  readonly timers: Timers;
}

export interface Edge {
  readonly origins: OriginPolicy;
  /** Answers any error as a problem; an address or method that does not exist too. */
  answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply;
  /** Refuses new requests and waits for those that run. Health and metrics go on answering. */
  drain(withinMs: number): Promise<DrainOutcome>;
  inFlight(): number;
  isDraining(): boolean;
  /** What went wrong with one part of a request that is answered as a whole; `pointer` says with which. */
  problemOf(thrown: unknown, request: FastifyRequest, pointer: string): Problem;
}

declare module 'fastify' {
  interface FastifyRequest {
    trace: TraceContext;
    /** Called once when the handler has answered. */
    leaveInFlight: (() => void) | null;
  }
  interface FastifyContextConfig {
    /** Media types the route answers with; `application/json` for everything below /v1 unless named. */
    produces?: readonly string[];
  }
}

const KIB = 1024;
export const COMMAND_BODY_BYTES = 256 * KIB;
export const BATCH_BODY_BYTES = 1024 * KIB;
const BATCH_PATHS = new Set(['/v1/commands', '/v1/queries']);
const HEADER_BYTES = 16 * KIB;
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const TIMEOUTS_LOOKED_AT_EVERY_MS = 500;
/** Longer than the minute most proxies keep idle connections, so that they close first. */
const KEEP_ALIVE_MS = 72_000;

interface EdgeServerOptions extends Pick<EdgeOptions, 'publicUrl' | 'random' | 'timers' | 'trustProxy'> {
  /** PEM; without it the server speaks plain HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

const SOCKET_LIMITS = {
  maxHeaderSize: HEADER_BYTES,
  headersTimeout: HEADERS_WITHIN_MS,
  requestTimeout: REQUEST_WITHIN_MS,
  connectionsCheckingInterval: TIMEOUTS_LOOKED_AT_EVERY_MS,
};

/** Limits that hold before any hook runs. Pass them to `Fastify(…)`, then call `installEdge` on it. */
export function edgeServerOptions(options: EdgeServerOptions): FastifyHttpOptions<Server> {
  const { tls, trustProxy } = options;
  return {
    // Fastify looks at `http` only where there is no `https`: with TLS the limits go there.
    ...(tls === undefined ? { http: SOCKET_LIMITS } : { https: { ...SOCKET_LIMITS, ...tls } }),
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: COMMAND_BODY_BYTES,
    trustProxy: typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : trustProxy,
    return503OnClosing: false,
    requestIdHeader: false,
    logger: false,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, options),
    frameworkErrors: (error, request, reply) => {
      const { traceId } = traceFrom(undefined, options.random);
      applySecurityHeaders(reply.header('daybook-trace-id', traceId), false);
      sendProblem(toDaybookError(error), reply, { publicUrl: options.publicUrl(), instance: pathOf(request), traceId });
    },
  };
}

export function installEdge(app: FastifyInstance, options: EdgeOptions): Edge {
  const inFlight = new InFlight();
  const routes = new RouteTable();
  const origins = originPolicy(options);
  const edge: Edge = {
    origins,
    inFlight: () => inFlight.count,
    isDraining: () => inFlight.isDraining,
    problemOf: (thrown, request, pointer) => partProblem(thrown, request, pointer, options),
    drain: (withinMs) => inFlight.drain(withinMs, options.timers),
    answerError: (thrown, request, reply) => answerError(thrown, request, reply, routes, options),
  };
  app.decorateRequest('trace');
  app.decorateRequest('leaveInFlight', null);
  installJsonBody(app);
  app.addHook('onRoute', (route) => {
    routes.add(route);
    if (BATCH_PATHS.has(route.url)) route.bodyLimit ??= BATCH_BODY_BYTES;
  });
  installRequestHooks(app, options, inFlight, origins);
  if (options.ownsErrorHandlers) {
    app.setErrorHandler((error, request, reply) => edge.answerError(error, request, reply));
    app.setNotFoundHandler((request, reply) => edge.answerError(undefined, request, reply));
  }
  return edge;
}

function installRequestHooks(app: FastifyInstance, options: EdgeOptions, inFlight: InFlight, origins: OriginPolicy): void {
  const isOnLoopback = isLoopbackHost(options.host);
  app.addHook('onRequest', (request, reply, done) => {
    request.trace = traceFrom(oneHeader(request.headers['traceparent']), options.random);
    reply.header('daybook-trace-id', request.trace.traceId);
    applySecurityHeaders(reply, options.isTls);
    runInTrace(request.trace, done);
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (inFlight.isDraining && !isForProbes(pathOf(request))) {
      throw new DaybookError('SHUTTING_DOWN', 'The server is stopping; connect again.');
    }
    request.leaveInFlight = inFlight.enter(reply);
    if (isOnLoopback) assertServedHost(request.headers.host, options.publicUrl);
    if (applyCors(request, reply, origins)) return;
    assertProducible(request);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    applyCacheDefault(reply);
    if (inFlight.isDraining) reply.header('connection', 'close');
    request.leaveInFlight?.();
    done();
  });
}

function assertProducible(request: FastifyRequest): void {
  if (request.is404) return;
  const { produces } = request.routeOptions.config;
  if (produces !== undefined) assertAcceptable(request.headers.accept, produces);
  else if (pathOf(request).startsWith('/v1/')) assertAcceptable(request.headers.accept, ['application/json']);
}

function answerError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  routes: RouteTable,
  options: EdgeOptions,
): FastifyReply {
  const known = toDaybookError(thrown, request.routeOptions.bodyLimit);
  const isMissingRoute = request.is404 && (thrown === undefined || known.code === 'NOT_FOUND');
  const error = isMissingRoute ? missingRoute(request, routes) : known;
  logIfOurs(error, thrown, request, options);
  appendVary(reply, 'Origin');
  return sendProblem(error, reply, {
    publicUrl: options.publicUrl(),
    instance: pathOf(request),
    traceId: request.trace.traceId,
  });
}

/** No status line and no headers of its own: what they would say is in the body. */
function partProblem(thrown: unknown, request: FastifyRequest, pointer: string, options: EdgeOptions): Problem {
  const error = toDaybookError(thrown, request.routeOptions.bodyLimit);
  logIfOurs(error, thrown, request, options);
  const { body, headers } = problemAnswer(error, {
    publicUrl: options.publicUrl(),
    instance: `${pathOf(request)}#${pointer}`,
    traceId: request.trace.traceId,
  });
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? body : { ...body, retryAfterSeconds: Number(retryAfter) };
}

function logIfOurs(error: DaybookError, thrown: unknown, request: FastifyRequest, { log }: EdgeOptions): void {
  if (error.code !== 'INTERNAL') return;
  log.error('A request failed for a reason of ours', { route: request.routeOptions.url, error: thrown });
}

function missingRoute(request: FastifyRequest, routes: RouteTable): DaybookError {
  const path = pathOf(request);
  const allow = routes.methodsFor(path);
  if (allow.length > 0) return new DaybookError('METHOD_NOT_ALLOWED', `Use ${allow.join(' or ')}.`, { allow });
  const [, kind, name] = /^\/v1\/(commands|queries)\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined) return new DaybookError('NOT_FOUND', 'no such address');
  return kind === 'commands'
    ? new DaybookError('UNKNOWN_COMMAND', 'There is no command of this name.')
    : new DaybookError('UNKNOWN_QUERY', 'There is no query of this name.');
}

function sendProblem(error: DaybookError, reply: FastifyReply, context: Parameters<typeof problemAnswer>[1]): FastifyReply {
  const { status, headers, body } = problemAnswer(error, context);
  // Bytes: Fastify would add a charset to the media type of a string, and JSON has none.
  return reply.code(status).headers(headers).send(Buffer.from(JSON.stringify(body)));
}

function isForProbes(path: string): boolean {
  return path.startsWith('/health/') || path === '/metrics';
}

function pathOf(request: FastifyRequest): string {
  const [path = '/'] = request.url.split('?', 1);
  return path;
}

function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? undefined : value;
}
