import { readFileSync } from 'node:fs';
import type { Log, Random, Timers } from '@daybook/kernel';
import {
  edgeServerOptions,
  installEdge,
  installHealthRoutes,
  installHttpMetrics,
  installMetricsRoute,
  StartError,
  type Config,
  type Edge,
  type EdgeOptions,
  type Health,
  type Metrics,
} from '@daybook/platform';
import Fastify, { type FastifyInstance } from 'fastify';

export interface HttpServerOptions {
  readonly config: Config;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly random: Random;
  readonly timers: Timers;
}

export interface HttpServer {
  readonly app: FastifyInstance;
  readonly edge: Edge;
  /** How clients reach this server; exact once it listens. */
  url(): string;
}

/** The one listener of a process: edge rules, probes and metrics. Roles add their routes before it listens. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, health, metrics } = options;
  const { http } = config;
  const url = (): string => http.publicUrl ?? derivedUrl(app, http);
  const edgeOptions: EdgeOptions = {
    publicUrl: url,
    host: http.host,
    corsOrigins: http.corsOrigins,
    allowLoopbackOrigins: config.auth.mode === 'dev',
    trustProxy: http.trustProxy,
    isTls: http.tls !== undefined || http.publicUrl?.startsWith('https:') === true,
    ownsErrorHandlers: false,
    log: options.log,
    random: options.random,
    timers: options.timers,
  };
  const app = Fastify(edgeServerOptions({ ...edgeOptions, tls: tlsFiles(http) })) as unknown as FastifyInstance;
  const edge = installEdge(app, edgeOptions);
  installHttpMetrics(app, metrics);
  void app.register((probes, _options, done) => {
    // Errors of all other routes go through Nest's filter.
    probes.setErrorHandler((error, request, reply) => edge.answerError(error, request, reply));
    installHealthRoutes(probes, health);
    // With an address of its own, the figures are for those who can reach that address alone.
    if (config.metricsAddress === undefined) installMetricsRoute(probes, metrics);
    done();
  });
  return { app, edge, url };
}

function tlsFiles({ tls }: Config['http']): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  return tls && { cert: readPem('TLS_CERT', tls.certFile), key: readPem('TLS_KEY', tls.keyFile) };
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new StartError(`${variable} names ${file}, which cannot be read.`, 'Check the path and its permissions.', { cause });
  }
}

function derivedUrl(app: FastifyInstance, http: Config['http']): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : http.port;
  const host = http.host === '0.0.0.0' || http.host === '::' ? 'localhost' : http.host;
  return `${http.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
