import {
  appendTooLargeDetail,
  badRequestDetail,
  batchRefused,
  batchSucceeded,
  readBatchPiece,
  streamDeletedDetail,
  timeoutDetail,
  wrongExpectedVersionDetail,
  type BatchOptions,
  type BatchPiece,
  type BatchRefusal,
} from '../messages/batch-append.js';
import { assertUserType, MAX_APPEND_BYTES, sizeOf, type ProposedEvent } from '../streams/proposed-event.js';
import type { WriteLane } from '../streams/write-lane.js';
import type { WriteOutcome } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import { GrpcStatus, invalidArgument, RpcError } from '../wire/status.js';
import { diskReserveMessage } from './write-refusals.js';

/** An append whose last piece has not arrived. */
interface OpenAppend {
  readonly options: BatchOptions;
  events: ProposedEvent[];
  bytes: number;
}

/** Begun appends one call may hold open, and the answers it may leave unread, before it is stopped. */
const MAX_OPEN_APPENDS = 1_000;
const MAX_UNREAD_ANSWER_BYTES = 1024 * 1024;
/** Writes one call may have waiting before it is not read from; they wait in its connection then. */
const MAX_WAITING_WRITES = 4_096;

/**
 * Many appends on one call, each told apart by its correlation id and answered exactly once, in any order. A refusal is
 * an ordinary answer; only what is no batch append at all ends the call.
 */
export function serveBatchAppend(call: Call, lane: WriteLane): void {
  const open = new Map<string, OpenAppend>();
  let waiting = 0;
  let inputEnded = false;

  const answer = (framed: Buffer): void => {
    call.send(framed);
    if (waiting < MAX_WAITING_WRITES && call.unsentBytes < MAX_UNREAD_ANSWER_BYTES) call.resumeReceiving();
    if (inputEnded && waiting === 0) call.finish();
  };

  const submit = (correlationId: string, append: OpenAppend): void => {
    const { stream, expected, deadline } = append.options;
    if (append.bytes > MAX_APPEND_BYTES) {
      return answer(batchRefused(correlationId, append.options, appendTooLargeDetail(MAX_APPEND_BYTES)));
    }
    waiting += 1;
    if (waiting >= MAX_WAITING_WRITES || call.unsentBytes >= MAX_UNREAD_ANSWER_BYTES) call.pauseReceiving();
    lane.submit({ kind: 'append', stream, expected, events: append.events, deadline }, (outcome) => {
      waiting -= 1;
      answer(answerTo(correlationId, append.options, outcome));
    });
  };

  call.receive(
    (message) => {
      const piece = readBatchPiece(message);
      const append = openAppend(open, piece);
      collect(append, piece.events);
      if (!piece.isFinal) return;
      open.delete(piece.correlationId);
      submit(piece.correlationId, append);
    },
    () => {
      inputEnded = true;
      if (waiting === 0) call.finish();
    },
  );
}

function openAppend(open: Map<string, OpenAppend>, piece: BatchPiece): OpenAppend {
  const begun = open.get(piece.correlationId);
  if (begun) return begun;
  if (!piece.options) throw invalidArgument('the first piece of a batch append has no options');
  if (open.size >= MAX_OPEN_APPENDS) {
    throw new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, `more than ${MAX_OPEN_APPENDS} appends are begun and not ended`);
  }
  const append: OpenAppend = { options: piece.options, events: [], bytes: 0 };
  open.set(piece.correlationId, append);
  return append;
}

/** What is too large is still counted, but no longer kept: the refusal waits for the last piece. */
function collect(append: OpenAppend, events: readonly ProposedEvent[]): void {
  for (const event of events) {
    assertUserType(event);
    append.bytes += sizeOf(event);
  }
  if (append.bytes > MAX_APPEND_BYTES) append.events = [];
  else append.events.push(...events);
}

function answerTo(correlationId: string, options: BatchOptions, outcome: WriteOutcome): Buffer {
  if (outcome.kind === 'written') return batchSucceeded(correlationId, options, outcome.revision, outcome.position);
  return batchRefused(correlationId, options, refusalDetail(options, outcome));
}

function refusalDetail(options: BatchOptions, outcome: Exclude<WriteOutcome, { kind: 'written' }>): BatchRefusal {
  switch (outcome.kind) {
    case 'conflict':
      return wrongExpectedVersionDetail(options.expected, outcome.revision);
    case 'deleted':
      return streamDeletedDetail(options.stream);
    case 'expired':
      return timeoutDetail();
    case 'disk-reserve':
      return badRequestDetail(GrpcStatus.RESOURCE_EXHAUSTED, diskReserveMessage(outcome.freeBytes));
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}
