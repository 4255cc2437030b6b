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
import { MAX_APPEND_BYTES, sizeOf, type ProposedEvent } from '../streams/proposed-event.js';
import type { WriteOutcome, WriteRefusal, Writes } from '../streams/write-request.js';
import type { Call } from '../wire/call.js';
import { GrpcStatus, invalidArgument, RpcError } from '../wire/status.js';
import { diskReserveMessage, OVERLOADED_MESSAGE, STOPPING_MESSAGE } from './write-refusals.js';

/** An append whose last piece has not been answered. */
interface OpenAppend {
  readonly options: BatchOptions;
  events: ProposedEvent[];
  bytes: number;
  problem: string | undefined;
}

/** What one call may hold here before it is not read from; the rest waits in its connection. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const MAX_UNREAD_ANSWER_BYTES = 1024 * 1024;
/** Appends begun and not ended: a client that leaves them open is stopped. */
const MAX_OPEN_APPENDS = 1_000;

/**
 * Many appends on one call, each told apart by its correlation id and answered exactly once, in any order. A refusal is
 * an ordinary answer; only what is no batch append at all ends the call.
 */
export function serveBatchAppend(call: Call, lane: Writes): void {
  new BatchAppendCall(call, lane).serve();
}

class BatchAppendCall {
  private readonly open = new Map<string, OpenAppend>();
  private unanswered = 0;
  private heldBytes = 0;
  private inputEnded = false;
  private awaitingDrain = false;

  constructor(
    private readonly call: Call,
    private readonly lane: Writes,
  ) {}

  serve(): void {
    this.call.receive(
      (message) => this.take(readBatchPiece(message)),
      () => {
        this.inputEnded = true;
        this.finishWhenAnswered();
      },
    );
  }

  private take(piece: BatchPiece): void {
    const append = this.openAppend(piece);
    append.problem ??= piece.problem;
    this.collect(append, piece.events);
    if (piece.isFinal) {
      this.open.delete(piece.correlationId);
      this.submit(piece.correlationId, append);
    }
    this.balance();
  }

  private openAppend(piece: BatchPiece): OpenAppend {
    const begun = this.open.get(piece.correlationId);
    if (begun) return begun;
    if (!piece.options) throw invalidArgument('the first piece of a batch append has no options');
    if (this.open.size >= MAX_OPEN_APPENDS) {
      throw new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, `more than ${MAX_OPEN_APPENDS} appends are begun and not ended`);
    }
    const append: OpenAppend = { options: piece.options, events: [], bytes: 0, problem: undefined };
    this.open.set(piece.correlationId, append);
    this.heldBytes += heldBytesOf(append);
    return append;
  }

  /** What is too large is still counted, but no longer kept: the refusal waits for the last piece. */
  private collect(append: OpenAppend, events: readonly ProposedEvent[]): void {
    const held = heldBytesOf(append);
    for (const event of events) append.bytes += sizeOf(event);
    if (append.bytes > MAX_APPEND_BYTES) append.events = [];
    else append.events.push(...events);
    this.heldBytes += heldBytesOf(append) - held;
  }

  private submit(correlationId: string, append: OpenAppend): void {
    this.unanswered += 1;
    const { stream, expected, deadline } = append.options;
    const answer = (framed: Buffer): void => {
      this.unanswered -= 1;
      this.heldBytes -= heldBytesOf(append);
      this.call.send(framed);
      this.balance();
      this.finishWhenAnswered();
    };
    const refuse = (refusal: BatchRefusal): void => answer(batchRefused(correlationId, append.options, refusal));
    if (append.problem !== undefined) return refuse(badRequestDetail(GrpcStatus.INVALID_ARGUMENT, append.problem));
    if (append.bytes > MAX_APPEND_BYTES) return refuse(appendTooLargeDetail(MAX_APPEND_BYTES));
    this.lane.submit({ kind: 'append', stream, expected, events: append.events, deadline }, (outcome) => {
      answer(answerTo(correlationId, append.options, outcome));
    });
  }

  /** Reads on while there is room; what makes room later asks again. */
  private balance(): void {
    const unread = this.call.unsentBytes >= MAX_UNREAD_ANSWER_BYTES;
    if (!unread && this.heldBytes < MAX_HELD_BYTES) return this.call.resumeReceiving();
    this.call.pauseReceiving();
    if (!unread || this.awaitingDrain) return;
    this.awaitingDrain = true;
    this.call.onceDrained(() => {
      this.awaitingDrain = false;
      this.balance();
    });
  }

  private finishWhenAnswered(): void {
    if (this.inputEnded && this.unanswered === 0) this.call.finish();
  }
}

/** A small append costs more than its bytes. */
const APPEND_OVERHEAD_BYTES = 512;

function heldBytesOf(append: OpenAppend): number {
  return append.bytes > MAX_APPEND_BYTES ? APPEND_OVERHEAD_BYTES : append.bytes + APPEND_OVERHEAD_BYTES;
}

function answerTo(correlationId: string, options: BatchOptions, outcome: WriteOutcome): Buffer {
  if (outcome.kind === 'written') return batchSucceeded(correlationId, options, outcome.revision, outcome.position);
  return batchRefused(correlationId, options, refusalDetail(options, outcome));
}

function refusalDetail(options: BatchOptions, outcome: WriteRefusal): BatchRefusal {
  switch (outcome.kind) {
    case 'conflict':
      return wrongExpectedVersionDetail(options.expected, outcome.revision);
    case 'deleted':
      return streamDeletedDetail(options.stream);
    case 'expired':
      return timeoutDetail();
    case 'disk-reserve':
      return badRequestDetail(GrpcStatus.RESOURCE_EXHAUSTED, diskReserveMessage(outcome.freeBytes));
    case 'overloaded':
      return badRequestDetail(GrpcStatus.RESOURCE_EXHAUSTED, OVERLOADED_MESSAGE);
    case 'stopping':
      return badRequestDetail(GrpcStatus.UNAVAILABLE, STOPPING_MESSAGE);
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}
