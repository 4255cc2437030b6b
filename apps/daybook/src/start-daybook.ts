import {
  createLog,
  Health,
  Metrics,
  parseConfig,
  Shutdown,
  systemClock,
  systemRandom,
  systemTimers,
  TestClock,
  watchLoopLag,
  type Config,
  type SignalSource,
} from '@daybook/platform';
import { Nudges, OtherLogError } from '@daybook/projections';
import { testClockFacts } from '../../api/src/index.js';
import { startProjector } from '../../projector/src/index.js';
import { serveMetrics } from './metrics-server.js';
import { layFoundations, type Foundations, type Ports } from './foundations.js';
import { healthChecks } from './health-checks.js';
import { createHttpServer, type HttpServer } from './http-server.js';
import { watchNpm } from './npm-watch.js';
import { readyMessage } from './ready-message.js';
import { serveApi } from './serve-api.js';
import { StartedParts } from './started-parts.js';
import { PROJECT_ROOT, VERSION } from './version.js';

export interface StartOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly backsUpFirst: boolean;
  readonly forgetsReadModels: boolean;
  readonly signals: SignalSource;
  readonly print: (text: string) => void;
  readonly exit: (code: number) => void;
}

const DRAIN_MS = 10_000;
const STOP_MS = 10_000;
/** Time for a load balancer to notice that this process is no longer ready; nobody stands before a dev machine. */
const GAP_MS = 2_000;

/** Everything, in the order that lets each part find what it stands on; taken down in the opposite order. */
export async function startDaybook(options: StartOptions): Promise<void> {
  const startedAt = systemClock.monotonic();
  const config = parseConfig(options.environment, { projectRoot: PROJECT_ROOT });
  const log = createLog({ level: config.logLevel, destination: process.stderr });
  const testClock = config.auth.mode === 'dev' ? new TestClock(systemClock) : undefined;
  const ports: Ports = { clock: testClock ?? systemClock, timers: systemTimers, random: systemRandom, log };
  const parts = new StartedParts();
  const shutdown = new Shutdown({ ...ports, exit: options.exit });
  try {
    const foundations = await layFoundations(config, ports, parts, {
      backsUpFirst: options.backsUpFirst,
      forgetsReadModels: options.forgetsReadModels,
      announce: (sentence) => options.print(`${sentence}\n`),
    });
    const { server, health, lost } = await serve(config, foundations, ports, parts, testClock);
    stopInOrder(shutdown, server, health, config, ports, parts);
    health.markStarted();
    stopWhenTold(shutdown, lost, options, ports);
    options.print(
      readyMessage({
        version: VERSION,
        url: server.url(),
        dataDirectory: foundations.dataDirectory,
        isFresh: foundations.isFresh,
        roles: config.roles,
        authMode: config.auth.mode,
        eventStore: foundations.places.eventStore,
        database: foundations.places.database,
        startedInMs: systemClock.monotonic() - startedAt,
      }),
    );
  } catch (error) {
    await parts.stopAll(log);
    throw error;
  }
}

/** By a signal, by the end of npm, or by the loss of what this process stands on: in order each time. */
function stopWhenTold(shutdown: Shutdown, lost: Promise<string>, options: StartOptions, { timers, log }: Ports): void {
  const stop = (reason: string, code: number): void => {
    void shutdown.begin(reason).then(({ isClean }) => options.exit(isClean ? code : 1));
  };
  shutdown.listen(options.signals);
  watchNpm(options.environment, timers, () => stop('npm is gone', 0));
  void lost.then((reason) => {
    if (shutdown.hasBegun) return;
    log.error('Stopping, because something this process stands on is gone', { reason });
    stop(reason, 1);
  });
}

async function serve(config: Config, foundations: Foundations, ports: Ports, parts: StartedParts, testClock: TestClock | undefined) {
  const { store, database, databaseUrl } = foundations;
  const loopLag = watchLoopLag(ports);
  parts.add('loop lag', STOP_MS, () => Promise.resolve(loopLag.stop()));
  const metrics = new Metrics({ log: ports.log, ofProcess: true });
  const nudges = new Nudges();
  const isAlone = config.eventStore.kind === 'embedded';
  const projector = config.roles.includes('projector')
    ? startProjector({ store, pool: database.pool, url: databaseUrl, nudges, isAlone, metrics, ...ports })
    : undefined;
  if (projector) parts.add('projector', STOP_MS, () => projector.stop());
  const facts = (): Readonly<Record<string, unknown>> =>
    testClock === undefined || testClock.shiftMs === 0 ? {} : { testClock: testClockFacts(testClock) };
  const health = new Health({ checks: healthChecks(foundations, projector), facts, loopLag, ...ports });
  const server = createHttpServer({ config, health, metrics, ...ports });
  parts.add('http server', STOP_MS, () => server.app.close());
  if (config.roles.includes('api')) {
    await serveApi({ config, foundations, projector, server, health, metrics, nudges, ports, parts, testClock });
  }
  const { metricsAddress } = config;
  if (metricsAddress) parts.add('metrics', STOP_MS, await serveMetrics(metricsAddress, metrics));
  await server.app.listen({ host: config.http.host, port: config.http.port });
  const historyLost = projector?.engine.ended().then((error) => {
    if (error instanceof OtherLogError) return error.message;
    return new Promise<string>(() => {});
  });
  return { server, health, lost: Promise.race([foundations.lost, ...(historyLost ? [historyLost] : [])]) };
}

function stopInOrder(
  shutdown: Shutdown,
  server: HttpServer,
  health: Health,
  config: Config,
  { timers }: Ports,
  parts: StartedParts,
): void {
  shutdown
    .add({ name: 'say not ready', withinMs: STOP_MS, run: () => Promise.resolve(health.beginShutdown()) })
    .add({
      name: 'let load balancers notice',
      withinMs: GAP_MS * 2,
      run: (signal) => (config.auth.mode === 'dev' ? Promise.resolve() : timers.sleep(GAP_MS, signal)),
    })
    .add({ name: 'finish requests', withinMs: DRAIN_MS, run: () => server.edge.drain(DRAIN_MS) });
  parts.handOver(shutdown);
}
