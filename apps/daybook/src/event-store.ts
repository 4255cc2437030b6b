import path from 'node:path';
import { EsdbStore, type EventStore } from '@daybook/eventsourcing';
import type { Clock, Log, Timers } from '@daybook/kernel';
import type { Config } from '@daybook/platform';
import { superviseNode } from './event-store-node.js';
import { firstFreePort } from './free-port.js';

export interface OpenedEventStore {
  readonly store: EventStore;
  /** For people: where it is. */
  readonly place: string;
  /** Parts of an embedded log that are known to be damaged; a cluster looks after its own. */
  damagedParts(): number;
  /** Settles with the reason when an embedded node is gone for good; never for a cluster. */
  readonly lost: Promise<string>;
  closeStore(): Promise<void>;
  stopNode(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

interface StorePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export async function openEventStore(config: Config, dataDirectory: string, ports: StorePorts): Promise<OpenedEventStore> {
  const { eventStore } = config;
  if (eventStore.kind === 'external') {
    const store = new EsdbStore({ url: eventStore.url.reveal(), timers: ports.timers });
    return {
      store,
      place: 'the cluster of EVENTSTORE_URL',
      damagedParts: () => 0,
      lost: new Promise(() => {}),
      closeStore: () => store.close(),
      stopNode: () => Promise.resolve(),
    };
  }
  const wanted = eventStore.port;
  const port = await firstFreePort(wanted, LOOPBACK);
  const node = await superviseNode({ dir: path.join(dataDirectory, 'eventstore'), port, ...ports });
  const store = new EsdbStore({ url: `esdb://${LOOPBACK}:${node.port}?tls=false`, timers: ports.timers });
  const moved = node.port === wanted || wanted === 0 ? '' : ` (${wanted} is taken)`;
  return {
    store,
    place: `embedded, ${LOOPBACK}:${node.port}${moved}, ${node.events} events`,
    damagedParts: () => node.damagedParts(),
    lost: node.lost,
    closeStore: () => store.close(),
    stopNode: () => node.stop(),
  };
}
