import { ProtoReader, ProtoWriter } from '../wire/protobuf.js';
import { GrpcStatus, invalidArgument, RpcError, type GrpcStatusCode } from '../wire/status.js';
import { frame } from '../wire/frame.js';
import type { ExpectedRevision } from '../streams/expected-revision.js';
import type { ProposedEvent } from '../streams/proposed-event.js';
import type { WriteTarget } from '../streams/write-request.js';
import { readProposedEvent } from './proposed-event.js';
import { readExpectedRevision, readStreamIdentifier, readUuid, writeStreamIdentifier, writeUuid } from './shared.js';
import { writeSuccess } from './append.js';

export interface BatchOptions extends WriteTarget {
  /** Milliseconds since the Unix epoch; after it the append is not begun. */
  readonly deadline: number | undefined;
}

/** One piece of an append: the first carries the options, the last says so. Pieces of many appends share the call. */
export interface BatchPiece {
  readonly correlationId: string;
  readonly options: BatchOptions | undefined;
  readonly events: readonly ProposedEvent[];
  readonly isFinal: boolean;
  /** What is wrong with its content: it concerns this append and no other on the call. */
  readonly problem: string | undefined;
}

const UNREADABLE: BatchOptions = { stream: '', expected: { kind: 'any' }, deadline: undefined };

export function readBatchPiece(message: Buffer): BatchPiece {
  const reader = new ProtoReader(message);
  const events: ProposedEvent[] = [];
  let correlationId: string | undefined;
  let options: BatchOptions | undefined;
  let isFinal = false;
  let problem: string | undefined;
  const checked = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      problem ??= error.message;
      return otherwise;
    }
  };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    switch (field) {
      case 1:
        correlationId = readUuid(reader.message());
        break;
      case 2:
        options = checked(() => readBatchOptions(reader.message()), UNREADABLE);
        break;
      case 3:
        events.push(...checked(() => [readProposedEvent(reader.message())], []));
        break;
      case 4:
        isFinal = reader.bool();
        break;
      default:
        reader.skip();
    }
  }
  if (correlationId === undefined) throw invalidArgument('a batch append has no correlation id');
  return { correlationId, options, events, isFinal, problem };
}

function readBatchOptions(reader: ProtoReader): BatchOptions {
  let stream: string | undefined;
  let expected: ExpectedRevision | undefined;
  let deadline: number | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) {
      stream = readStreamIdentifier(reader.message());
    } else if (field === 6) {
      deadline = readTimestamp(reader.message());
    } else {
      const revision = readExpectedRevision(field, reader);
      if (revision) expected = revision;
      else reader.skip();
    }
  }
  if (stream === undefined) throw invalidArgument('the stream name is missing');
  if (expected === undefined) throw invalidArgument('the expected revision is missing');
  return { stream, expected, deadline };
}

/** google.protobuf.Timestamp, in milliseconds. */
function readTimestamp(reader: ProtoReader): number {
  let milliseconds = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) milliseconds += reader.uint() * 1000;
    else if (field === 2) milliseconds += reader.uint() / 1_000_000;
    else reader.skip();
  }
  return milliseconds;
}

export function batchSucceeded(
  correlationId: string,
  target: WriteTarget,
  revision: number,
  position: number | undefined,
): Buffer {
  const answer = new ProtoWriter()
    .message(1, writeUuid(correlationId))
    .message(3, writeSuccess(revision, position))
    .message(4, writeStreamIdentifier(target.stream));
  writeExpectation(answer, target.expected);
  return frame(answer.finish());
}

/** Why a batch was refused, as google.rpc.Status with one of the details a client knows. */
export interface BatchRefusal {
  readonly code: GrpcStatusCode;
  readonly message: string;
  readonly detail: { readonly type: string; readonly body: ProtoWriter };
}

export function batchRefused(correlationId: string, target: WriteTarget, refusal: BatchRefusal): Buffer {
  const status = new ProtoWriter()
    .uint(1, refusal.code)
    .string(2, refusal.message)
    .message(
      3,
      new ProtoWriter()
        .string(1, `type.googleapis.com/event_store.client.${refusal.detail.type}`)
        .message(2, refusal.detail.body),
    );
  const answer = new ProtoWriter()
    .message(1, writeUuid(correlationId))
    .message(2, status)
    .message(4, writeStreamIdentifier(target.stream));
  writeExpectation(answer, target.expected);
  return frame(answer.finish());
}

function writeExpectation(answer: ProtoWriter, expected: ExpectedRevision): void {
  switch (expected.kind) {
    case 'exact':
      answer.uint(5, expected.revision);
      return;
    case 'no-stream':
      answer.empty(6);
      return;
    case 'any':
      answer.empty(7);
      return;
    case 'stream-exists':
      answer.empty(8);
      return;
    default:
      throw new Error(`unknown expectation ${String(expected satisfies never)}`);
  }
}

export function wrongExpectedVersionDetail(expected: ExpectedRevision, actual: number): BatchRefusal {
  const body = new ProtoWriter();
  if (actual >= 0) body.uint(1, actual);
  else body.empty(2);
  switch (expected.kind) {
    case 'exact':
      body.uint(3, expected.revision);
      break;
    case 'any':
      body.empty(4);
      break;
    case 'stream-exists':
      body.empty(5);
      break;
    case 'no-stream':
      body.empty(6);
      break;
    default:
      throw new Error(`unknown expectation ${String(expected satisfies never)}`);
  }
  return {
    code: GrpcStatus.ALREADY_EXISTS,
    message: 'WrongExpectedVersion',
    detail: { type: 'WrongExpectedVersion', body },
  };
}

export function streamDeletedDetail(stream: string): BatchRefusal {
  const body = new ProtoWriter().message(1, writeStreamIdentifier(stream));
  return {
    code: GrpcStatus.FAILED_PRECONDITION,
    message: 'StreamDeleted',
    detail: { type: 'StreamDeleted', body },
  };
}

export function appendTooLargeDetail(maximumBytes: number): BatchRefusal {
  const body = new ProtoWriter().uint(1, maximumBytes);
  return {
    code: GrpcStatus.INVALID_ARGUMENT,
    message: 'MaximumAppendSizeExceeded',
    detail: { type: 'MaximumAppendSizeExceeded', body },
  };
}

export function timeoutDetail(): BatchRefusal {
  return {
    code: GrpcStatus.DEADLINE_EXCEEDED,
    message: 'Timeout',
    detail: { type: 'Timeout', body: new ProtoWriter() },
  };
}

/** The client shows the message of a refusal whose details it does not know: that is how these reach a person. */
export function badRequestDetail(code: GrpcStatusCode, message: string): BatchRefusal {
  return { code, message, detail: { type: 'BadRequest', body: new ProtoWriter().string(1, message) } };
}
