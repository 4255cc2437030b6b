import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTimers } from '@daybook/platform';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { EsdbStore } from '@daybook/eventsourcing';
import { describeEventStore } from '../../libs/eventsourcing/src/store.contract.js';

const uuid = (): string => randomUUID();

describe('an embedded node', () => {
  let directory: string;
  let node: EventStoreNode;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'daybook-esdb-'));
    node = await startEventStoreNode({ dir: directory, port: 0 });
  });

  afterAll(async () => {
    await node.stop();
    rmSync(directory, { recursive: true });
  });

  describeEventStore('the embedded node', {
    open: () => new EsdbStore({ url: `esdb://127.0.0.1:${node.port}?tls=false`, timers: systemTimers }),
    uuid,
  });
});

/** A real server, where there is one: see differences.md. */
const url = process.env['EVENTSTORE_TEST_URL'];
if (url !== undefined) describeEventStore(url, { open: () => new EsdbStore({ url, timers: systemTimers }), uuid });
