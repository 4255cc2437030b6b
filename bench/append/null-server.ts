import { batchSucceeded, readBatchPiece } from '../../apps/eventstore/src/messages/batch-append.js';
import { supportedMethods } from '../../apps/eventstore/src/messages/server-features.js';
import type { Call } from '../../apps/eventstore/src/wire/call.js';
import { listen } from '../../apps/eventstore/src/wire/rpc-server.js';
import { serve } from '../harness/worker.js';

const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';
const FEATURES = '/event_store.client.server_features.ServerFeatures/GetSupportedMethods';

/** Says yes to every append at once and stores nothing: what a client can do at most is what it does here. */
async function startNullServer(): Promise<{ readonly port: number }> {
  let position = 0;
  const acknowledge = (call: Call): void => {
    call.receive(
      (message) => {
        const { correlationId, options, events } = readBatchPiece(message);
        if (options === undefined) throw new TypeError('an append of several pieces');
        const before = options.expected.kind === 'exact' ? options.expected.revision : -1;
        position += 1;
        call.send(batchSucceeded(correlationId, options, before + events.length, position));
      },
      () => call.finish(),
    );
  };
  const features = (call: Call): void => {
    call.receiveOne(() => {
      call.send(supportedMethods([BATCH_APPEND, FEATURES]));
      call.finish();
    });
  };
  const server = await listen({ host: '127.0.0.1', port: 0, routes: new Map([[BATCH_APPEND, acknowledge], [FEATURES, features]]) });
  return { port: server.port };
}

serve({ start: startNullServer });
