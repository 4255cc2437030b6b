import { clusterOfOne } from '../messages/gossip.js';
import { supportedMethods } from '../messages/server-features.js';
import type { ReadContext } from '../read/read-context.js';
import type { Writes } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import type { Routes } from '../wire/rpc-server.js';
import { serveAppend } from './append.js';
import { serveBatchAppend } from './batch-append.js';
import { serveDelete } from './delete.js';
import { serveRead } from './read.js';

const STREAMS = '/event_store.client.streams.Streams';

/** Everything this node serves. What is not here is UNIMPLEMENTED and not listed to clients. */
export function routes(lane: Writes, context: ReadContext, self: { host: string; port: () => number }): Routes {
  const instanceId = context.random.uuid();
  const table: [path: string, handler: (call: Call) => void][] = [
    [`${STREAMS}/Append`, (call) => serveAppend(call, lane)],
    [`${STREAMS}/BatchAppend`, (call) => serveBatchAppend(call, lane)],
    [`${STREAMS}/Read`, (call) => serveRead(call, context)],
    [`${STREAMS}/Delete`, (call) => serveDelete(call, lane, 'delete')],
    [`${STREAMS}/Tombstone`, (call) => serveDelete(call, lane, 'tombstone')],
    [
      '/event_store.client.gossip.Gossip/Read',
      (call) => {
        const member = { instanceId, host: self.host, port: self.port(), now: context.clock.now() };
        answerOne(call, clusterOfOne(member));
      },
    ],
    [
      '/event_store.client.server_features.ServerFeatures/GetSupportedMethods',
      (call) => answerOne(call, supportedMethods(table.map(([path]) => path))),
    ],
  ];
  return new Map(table);
}

function answerOne(call: Call, answer: Buffer): void {
  call.receiveOne(() => {
    call.send(answer);
    call.finish();
  });
}
