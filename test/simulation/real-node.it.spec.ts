import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EsdbStore, createCommandRuntime, envelopeOf, type CommandRuntime, type Outcome } from '@daybook/eventsourcing';
import { DaybookError } from '@daybook/kernel';
import { systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { CapturedLog } from '../support/captured-log.js';
import { purse, purseEvents, type PurseEvent } from './purse.js';

/** What the simulation promises, once on real parts: the runtime, the adapter, and a node killed again and again. */
const CLIENTS = 8;
const COMMANDS_A_CLIENT = 15;
const KILLS = 3;
const STREAM = 'purse-real';
const WORTH_A_RETRY = ['OUTCOME_UNKNOWN', 'STORE_UNAVAILABLE'];

let directory: string;
let node: EventStoreNode;
let store: EsdbStore;
let runtime: CommandRuntime;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-real-'));
  node = await startEventStoreNode({ dir: directory, port: 0 });
  store = new EsdbStore({ url: `esdb://127.0.0.1:${node.port}?tls=false`, timers: systemTimers });
  runtime = createCommandRuntime({
    store,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log: new CapturedLog(),
  });
});

afterEach(async () => {
  await runtime.close();
  await store.close();
  await node.stop();
  rmSync(directory, { recursive: true });
});

it('commands are carried out once each while the node is killed under them', async () => {
  let accepted = 0;
  const clients = Array.from({ length: CLIENTS }, async () => {
    const outcomes: Outcome<PurseEvent>[] = [];
    for (let left = COMMANDS_A_CLIENT; left > 0; left -= 1) {
      outcomes.push(await sendUntilAccepted(randomUUID()));
      accepted += 1;
    }
    return outcomes;
  });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const due = (kill * CLIENTS * COMMANDS_A_CLIENT) / (KILLS + 1);
    while (accepted < due) await systemTimers.sleep(1);
    process.kill(node.pid, 'SIGKILL');
    await node.exited;
    node = await startEventStoreNode({ dir: directory, port: node.port });
  }
  const outcomes = (await Promise.all(clients)).flat();

  const stored: string[] = [];
  for await (const { metadata } of store.readStream(STREAM)) stored.push(String(metadata['commandId']));
  expect(stored).toHaveLength(CLIENTS * COMMANDS_A_CLIENT);
  expect(new Set(stored).size).toBe(stored.length);
  for (const { commandId, revision } of outcomes) expect(stored[Number(revision)]).toBe(commandId);
}, 60_000);

async function sendUntilAccepted(commandId: string): Promise<Outcome<PurseEvent>> {
  for (;;) {
    try {
      return await runtime.handle({
        stream: STREAM,
        decider: purse,
        events: purseEvents,
        commandId,
        commandHash: 'spend',
        userId: 'user-1',
        command: { type: 'spend', amounts: [1] },
        deadlineMs: 1_000,
        facts: () => ({ limit: Number.MAX_SAFE_INTEGER, at: 0 }),
        envelope: ({ recordedAt }) =>
          envelopeOf({
            commandId,
            commandHash: 'spend',
            actor: { userId: 'user-1', kind: 'user', role: null },
            client: null,
            ip: null,
            on: '2026-04-01',
            recordedAt,
          }),
      });
    } catch (error) {
      if (!(error instanceof DaybookError && WORTH_A_RETRY.includes(error.code))) throw error;
      await systemTimers.sleep(20);
    }
  }
}
