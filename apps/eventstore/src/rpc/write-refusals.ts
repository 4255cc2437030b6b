import type { ExpectedRevision } from '../streams/expected-revision.js';
import { MAX_APPEND_BYTES } from '../streams/proposed-event.js';
import { streamDeleted } from '../read/read-context.js';
import { GrpcStatus, RpcError } from '../wire/status.js';
import type { WriteRefusal, WriteTarget } from '../streams/write-request.js';

/** How the calls that answer a refusal by their trailers say it. */
export function refusalOf(target: WriteTarget, outcome: WriteRefusal): RpcError {
  switch (outcome.kind) {
    case 'conflict':
      return wrongExpectedVersion(target, outcome.revision);
    case 'deleted':
      return streamDeleted(target.stream);
    case 'expired':
      return new RpcError(GrpcStatus.DEADLINE_EXCEEDED, 'the deadline had passed before the write was begun');
    case 'disk-reserve':
      return new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, diskReserveMessage(outcome.freeBytes));
    case 'overloaded':
      return new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, OVERLOADED_MESSAGE);
    case 'stopping':
      return new RpcError(GrpcStatus.UNAVAILABLE, STOPPING_MESSAGE);
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}

export const OVERLOADED_MESSAGE = 'RESOURCE_EXHAUSTED: too many appends are waiting for the disk; try again';
export const STOPPING_MESSAGE = 'UNAVAILABLE: the node is stopping';

export function diskReserveMessage(freeBytes: number): string {
  const megabytes = Math.floor(freeBytes / (1024 * 1024));
  return `RESOURCE_EXHAUSTED: only ${megabytes} MiB are free on the event store's disk; free some space, reads go on`;
}

export function appendTooLarge(): RpcError {
  return new RpcError(GrpcStatus.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });
}

function wrongExpectedVersion({ stream, expected }: WriteTarget, actual: number): RpcError {
  const message = `Append failed due to WrongExpectedVersion. Stream: ${stream}, Actual version: ${actual}`;
  return new RpcError(GrpcStatus.FAILED_PRECONDITION, message, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(expectedNumber(expected)),
    'actual-version': String(actual),
  });
}

/** The numbers the server family uses for expectations that are not a revision. */
function expectedNumber(expected: ExpectedRevision): number {
  switch (expected.kind) {
    case 'exact':
      return expected.revision;
    case 'no-stream':
      return -1;
    case 'any':
      return -2;
    case 'stream-exists':
      return -4;
    default:
      throw new Error(`unknown expectation ${String(expected satisfies never)}`);
  }
}
