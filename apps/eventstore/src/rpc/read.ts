import { readReadRequest } from '../messages/read-request.js';
import { readAll } from '../read/read-all.js';
import type { ReadContext } from '../read/read-context.js';
import { readStream } from '../read/read-stream.js';
import { subscribeAll } from '../read/subscribe-all.js';
import { subscribeStream } from '../read/subscribe-stream.js';
import type { Call } from '../wire/call.js';

export function serveRead(call: Call, context: ReadContext): void {
  call.receiveOne(async (message) => {
    const request = readReadRequest(message);
    const { source, maxCount } = request;
    switch (source.kind) {
      case 'all':
        return maxCount === undefined
          ? subscribeAll(call, source.from, request.filter, context)
          : readAll(call, request, source.from, maxCount, context);
      case 'stream':
        return maxCount === undefined
          ? subscribeStream(call, source.stream, source.from, context)
          : readStream(call, { ...source, backwards: request.backwards, maxCount }, context);
      default:
        throw new Error(`unknown source ${String(source satisfies never)}`);
    }
  });
}
