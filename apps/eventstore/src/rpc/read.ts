import { readReadRequest, type ReadRequest } from '../messages/read-request.js';
import { readAll } from '../read/read-all.js';
import type { ReadContext } from '../read/read-context.js';
import { readStream } from '../read/read-stream.js';
import { subscribeAll } from '../read/subscribe-all.js';
import { subscribeStream } from '../read/subscribe-stream.js';
import { DamagedLogError } from '../storage/storage-errors.js';
import type { Call } from '../wire/call.js';
import { GrpcStatus, RpcError } from '../wire/status.js';

export function serveRead(call: Call, context: ReadContext): void {
  call.receiveOne(async (message) => {
    try {
      await read(call, readReadRequest(message), context);
    } catch (error) {
      if (error instanceof DamagedLogError) throw new RpcError(GrpcStatus.DATA_LOSS, error.message);
      throw error;
    }
  });
}

async function read(call: Call, request: ReadRequest, context: ReadContext): Promise<void> {
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
}
