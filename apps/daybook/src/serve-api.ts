import { createCommandRuntime } from '@daybook/eventsourcing';
import { householdGroup, figuresAtClose, type HouseholdParts } from '@daybook/household';
import { postgresClientConfig, systemClock, type Authentication, type Config, type Health, type Metrics, type TestClock } from '@daybook/platform';
import { NudgeReceiver, PositionWatch, ReadModels, type Nudges } from '@daybook/projections';
import type { Kysely } from 'kysely';
import { formatInstant, type Clock } from '@daybook/kernel';
import { mountApi, type ApiParts } from '../../api/src/index.js';
import type { Projector } from '../../projector/src/index.js';
import { openAuthentication } from './authentication.js';
import type { Foundations, Ports } from './foundations.js';
import type { HttpServer } from './http-server.js';
import { pruneHourly } from './prune-ops.js';
import type { StartedParts } from './started-parts.js';
import { untilProjected } from './until-projected.js';
import { VERSION } from './version.js';

export interface ServeApiOptions {
  readonly config: Config;
  readonly foundations: Foundations;
  /** When it is in this process: whether it has caught up is known at once. */
  readonly projector: Projector | undefined;
  readonly server: HttpServer;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly nudges: Nudges;
  readonly ports: Ports;
  readonly parts: StartedParts;
  /** In dev mode only; `ports.clock` is it then. */
  readonly testClock: TestClock | undefined;
}

const STOP_MS = 10_000;

/** The api role: commands over the event store, queries over the read models, both over HTTP. */
export async function serveApi(options: ServeApiOptions): Promise<void> {
  const { config, foundations, server, health, metrics, nudges, ports, parts } = options;
  const { store, vault, logIdentity, database, databaseUrl } = foundations;
  const { clock, random, timers, log } = ports;
  const group = householdGroup.name;
  const commands = createCommandRuntime({ store, clock, timers, random, log });
  parts.add('commands', STOP_MS, () => commands.close());
  if (!config.roles.includes('projector')) {
    const connection = postgresClientConfig({ url: databaseUrl, applicationName: 'nudges', statementTimeoutMilliseconds: 0 });
    const receiver = new NudgeReceiver({ connection, nudges, timers, random, log });
    parts.add('nudges', STOP_MS, () => receiver.close());
  }
  const watch = new PositionWatch({ pool: database.pool, group, nudges, timers });
  parts.add('waiting queries', STOP_MS, () => watch.close());

  const readModels = <Tables>(): ReadModels<Tables> =>
    new ReadModels<Tables>({ db: database.db as Kysely<Tables>, group: householdGroup, watch, clock, timers });
  const household: HouseholdParts = {
    commands,
    readModels,
    sealer: vault,
    clock,
    timers,
    random,
    logIdentity,
    figuresAtClose: figuresAtClose(readModels(), clock),
  };
  // By the clock of the machine: a token outlives any move of the test clock, and no move makes an old one good again.
  const authentication = await openAuthentication(config, foundations.dataDirectory, vault, { ...ports, clock: systemClock });
  exposeKeyAge(authentication, metrics);
  const stopPruning = pruneHourly(foundations.ops, timers, log);
  parts.add('pruning', STOP_MS, () => Promise.resolve(stopPruning()));
  const app = await mountApi(
    server.app,
    {
      version: VERSION,
      publicUrl: server.url,
      authentication,
      issuer: config.auth.mode === 'oidc' ? config.auth.issuer : undefined,
      testClock: options.testClock,
      ...ports,
      log: logIdentity,
      logger: log,
      ops: foundations.ops,
      edge: server.edge,
      commandHash: (body) => vault.keyedHash('command', body),
      untilProjected: (space, position, timeoutMs) => untilProjected(watch, space, position, timeoutMs),
      ...positions(readModels()),
      health,
      catchingUp: catchingUp(options.projector, clock),
    },
    household,
  );
  parts.add('api', STOP_MS, () => app.close());
}

/** How far the read models are, for one question and for many at once. */
function positions(readModels: ReadModels<unknown>): Pick<ApiParts, 'currentPosition' | 'inOneSnapshot'> {
  const currentPosition = async (): Promise<bigint> => (await readModels.read({ space: null }, () => Promise.resolve(null))).position;
  return {
    currentPosition,
    inOneSnapshot: (minPosition, timeoutMs, work) =>
      readModels.inOneSnapshot({ timeoutMs, ...(minPosition !== undefined && { minPosition }) }, async () => work(await currentPosition())),
  };
}

/** After a start the read models may be far behind; their answers say so until they have caught up once. */
function catchingUp(projector: Projector | undefined, clock: Clock): ApiParts['catchingUp'] {
  const stale = { since: formatInstant(clock.now()), reason: 'catching-up' };
  let isDone = projector === undefined;
  return () => {
    isDone ||= projector?.engine.status().state === 'live';
    return isDone ? undefined : stale;
  };
}

function exposeKeyAge({ mode, authenticator }: Authentication, metrics: Metrics): void {
  if (mode !== 'oidc') return;
  metrics.gauge({
    name: 'daybook_oidc_key_age_seconds',
    help: "Time since the issuer's signing keys were fetched; absent before the first token",
    read() {
      const ageMs = authenticator.keyAgeMs();
      return ageMs === undefined ? [] : ageMs / 1_000;
    },
  });
}
