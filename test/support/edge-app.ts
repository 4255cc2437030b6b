import { edgeServerOptions, installEdge, systemRandom, type Edge, type EdgeOptions } from '@daybook/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import { CapturedLog } from './captured-log.js';
import { VirtualTime } from './virtual-time.js';

export interface EdgeApp {
  readonly app: FastifyInstance;
  readonly edge: Edge;
  readonly log: CapturedLog;
  readonly time: VirtualTime;
  readonly options: EdgeOptions;
}

/** A server that is nothing but the edge: the caller adds routes. */
export function edgeApp(overrides: Partial<EdgeOptions> = {}): EdgeApp {
  const log = new CapturedLog();
  const time = new VirtualTime();
  const options: EdgeOptions = {
    publicUrl: () => 'http://localhost:3000',
    host: '127.0.0.1',
    corsOrigins: [],
    allowLoopbackOrigins: false,
    trustProxy: false,
    isTls: false,
    ownsErrorHandlers: true,
    log,
    random: systemRandom,
    timers: time,
    ...overrides,
  };
  const app = Fastify(edgeServerOptions(options));
  const edge = installEdge(app, options);
  return { app, edge, log, time, options };
}
