import path from 'node:path';
import { LOG_STREAM, openLog, type EventStore, type LogIdentity } from '@daybook/eventsourcing';
import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import {
  lockDirectory,
  openDataDirectory,
  openVault,
  requireFreeSpace,
  StartError,
  vaultExists,
  type Config,
  type Ops,
  type Postgres,
  type Vault,
} from '@daybook/platform';
import { requireSameHistory } from './same-history.js';
import { openOpsDatabase, openReadDatabase, startDatabaseServer } from './databases.js';
import { openEventStore } from './event-store.js';
import { requireFreePort } from './free-port.js';
import type { StartedParts } from './started-parts.js';
import type { Upgrade } from './upgrade.js';
import { VERSION } from './version.js';

export interface Ports {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** What the person at the keyboard may choose for one start. */
export interface StartChoices extends Upgrade {
  /** After `--forget-read-models`: they are made again from the log as it is. */
  readonly forgetsReadModels: boolean;
}

/** What every role stands on. */
export interface Foundations {
  readonly dataDirectory: string;
  readonly isFresh: boolean;
  readonly store: EventStore;
  readonly logIdentity: LogIdentity;
  /** Parts of the log that its scrub has found damaged: events there are refused. */
  readonly damagedParts: () => number;
  readonly database: Postgres<unknown>;
  readonly databaseUrl: string;
  readonly ops: Ops;
  readonly vault: Vault;
  readonly places: { readonly eventStore: string; readonly database: string };
  /** Settles with the reason when something embedded is gone for good: without it nothing can be served. */
  readonly lost: Promise<string>;
}

/** Room for a first start: Postgres' files, a segment of the log, and the reserve below which appends are refused. */
const NEEDED_BYTES = 512 * 1024 * 1024;
/** Existing data must stay readable when the disk is nearly full. */
const NEEDED_AGAIN_BYTES = 32 * 1024 * 1024;
const STOP_MS = 10_000;
/** Postgres writes everything down before it goes. */
const DATABASE_STOP_MS = 20_000;

export async function layFoundations(config: Config, ports: Ports, parts: StartedParts, start: StartChoices): Promise<Foundations> {
  const directory = await openDataDirectory(config.dataDirectory, VERSION);
  const lock = await lockDirectory(directory.path);
  parts.add('data directory', STOP_MS, () => lock.release());
  // Another process may have changed it until the lock was ours.
  await openDataDirectory(config.dataDirectory, VERSION);
  await requireFreeSpace(directory.path, directory.fresh ? NEEDED_BYTES : NEEDED_AGAIN_BYTES);
  // After the lock: whoever starts the same instance twice is told that, not that some port is taken.
  await requireFreePort(config.http.port, config.http.host);

  const [eventStore, server] = await bothStarted(
    openEventStore(config, directory.path, ports).then((opened) => {
      parts.add('event store node', STOP_MS, () => opened.stopNode());
      return opened;
    }),
    startDatabaseServer(config, directory.path, ports.random).then((started) => {
      parts.add('database server', DATABASE_STOP_MS, () => started.stop());
      return started;
    }),
  );
  parts.add('event store client', STOP_MS, () => eventStore.closeStore());
  const database = await openReadDatabase(server.url, ports.log);
  parts.add('read database', STOP_MS, () => database.close());
  const ops = await openOpsDatabase(config, server.url, ports.log, start);
  parts.add('ops database', STOP_MS, () => ops.close());
  const history = await historyOf(eventStore.store);
  const place = { directory: directory.path, ...config.vault };
  if (history === 'none' && (await vaultExists(place))) throw missingLog(config, directory.path);
  const logIdentity = await openLog(eventStore.store, ports.random, ports.clock);
  await requireSameHistory(logIdentity, eventStore.store, database.pool, { forget: start.forgetsReadModels });
  const vault = await openVault({ ...place, mustExist: history === 'facts', ...ports });
  parts.add('vault', STOP_MS, () => vault.close());

  return {
    dataDirectory: directory.path,
    isFresh: directory.fresh,
    store: eventStore.store,
    logIdentity,
    damagedParts: () => eventStore.damagedParts(),
    database,
    databaseUrl: server.url,
    ops,
    vault,
    places: { eventStore: eventStore.place, database: server.place },
    lost: Promise.race([
      eventStore.lost.then((reason) => `the event store node: ${reason}`),
      server.ended.then(() => 'the embedded Postgres ended'),
    ]),
  };
}

/** Waits for both also when one fails, so that what the other started is known and can be stopped. */
async function bothStarted<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** Nothing at all; only the event that names the log; or facts, some of them sealed with keys of the vault. */
async function historyOf(store: EventStore): Promise<'none' | 'name' | 'facts'> {
  let found: 'none' | 'name' = 'none';
  for await (const { stream } of store.readAll({ maxCount: 2 })) {
    if (stream !== LOG_STREAM) return 'facts';
    found = 'name';
  }
  return found;
}

function missingLog(config: Config, dataDirectory: string): StartError {
  const place = config.eventStore.kind === 'embedded' ? path.join(dataDirectory, 'eventstore') : 'EVENTSTORE_URL';
  return new StartError(
    `The vault has keys, but the log in ${place} is empty: it was lost, or it is another one.`,
    'Put the right log back. To begin anew without it, name an empty directory in DAYBOOK_DATA_DIR.',
  );
}
