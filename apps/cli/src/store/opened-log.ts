import path from 'node:path';
import { EsdbStore, MemoryStore, type EventStore } from '@daybook/eventsourcing';
import { lockDirectory, openDataDirectory, systemTimers } from '@daybook/platform';
import { startEventStoreNode, UnreadableLogError } from '../../../eventstore/src/index.js';
import { VERSION } from '../../../daybook/src/version.js';
import { holdsLog, logFolderOf, type Place } from './place.js';

/** A log that can be read, and written to, whatever it is behind. */
export interface OpenedLog {
  readonly store: EventStore;
  close(): Promise<void>;
}

/** Of the segments a node makes; the reserve is for logs that grow for years. */
const NODE_ARGUMENTS = ['--scrub-mib', '0'];

/** A log that is there. Files get a node of their own, on any free port, for as long as it is open. */
export async function openLogAt(place: Place): Promise<OpenedLog> {
  if (place.kind === 'server') return openServer(place.url);
  const { log, dataDirectory } = logFolderOf(place.directory);
  if (!holdsLog(log)) throw new UnreadableLogError(`${log} holds no log`);
  return openFiles(log, dataDirectory);
}

/** A log to write to: an empty or new directory becomes a data directory of Daybook. */
export async function openTargetAt(place: Place): Promise<OpenedLog> {
  if (place.kind === 'server') return openServer(place.url);
  const { log, dataDirectory } = logFolderOf(place.directory);
  if (dataDirectory === undefined && holdsLog(log)) return openFiles(log, undefined);
  const { path: directory } = await openDataDirectory(place.directory, VERSION);
  return openFiles(path.join(directory, 'eventstore'), directory);
}

/** For a plan: what is not there yet is empty. */
export async function openTargetToRead(place: Place): Promise<OpenedLog> {
  if (place.kind === 'server' || holdsLog(logFolderOf(place.directory).log)) return openLogAt(place);
  const store = new MemoryStore();
  return { store, close: () => store.close() };
}

function openServer(url: string): OpenedLog {
  const store = new EsdbStore({ url, timers: systemTimers });
  return { store, close: () => store.close() };
}

async function openFiles(log: string, dataDirectory: string | undefined): Promise<OpenedLog> {
  const lock = dataDirectory === undefined ? undefined : await lockDirectory(dataDirectory);
  try {
    const node = await startEventStoreNode({
      dir: log,
      args: NODE_ARGUMENTS,
      onLine: (line) => process.stderr.write(`daybook: the node of ${log} says: ${line}\n`),
    });
    const store = new EsdbStore({ url: `esdb://127.0.0.1:${node.port}?tls=false`, timers: systemTimers });
    return {
      store,
      close: async () => {
        await store.close();
        await node.stop();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}
