import { ProtoReader, ProtoWriter } from '../wire/protobuf.js';
import { invalidArgument } from '../wire/status.js';
import { frame } from '../wire/frame.js';
import type { ExpectedRevision } from '../streams/expected-revision.js';
import type { ProposedEvent } from '../streams/proposed-event.js';
import type { WriteTarget } from '../streams/write-request.js';
import { readProposedEvent } from './proposed-event.js';
import { readExpectedRevision, readStreamIdentifier, writePosition } from './shared.js';

/** Options of Append, Delete and Tombstone. */
export function readWriteTarget(reader: ProtoReader): WriteTarget {
  let stream: string | undefined;
  let expected: ExpectedRevision | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) {
      stream = readStreamIdentifier(reader.message());
      continue;
    }
    const revision = readExpectedRevision(field, reader);
    if (revision) expected = revision;
    else reader.skip();
  }
  if (stream === undefined) throw invalidArgument('the stream name is missing');
  if (expected === undefined) throw invalidArgument('the expected revision is missing');
  return { stream, expected };
}

export type AppendMessage =
  | { readonly kind: 'options'; readonly target: WriteTarget }
  | { readonly kind: 'event'; readonly event: ProposedEvent };

/** AppendReq: the options first, then one message an event. */
export function readAppendMessage(message: Buffer): AppendMessage {
  const reader = new ProtoReader(message);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return { kind: 'options', target: readWriteTarget(reader.message()) };
    if (field === 2) return { kind: 'event', event: readProposedEvent(reader.message()) };
    reader.skip();
  }
  throw invalidArgument('an append message has neither options nor an event');
}

/** `revision` is that of the last event, -1 when the stream has none; `position` is missing when nothing was written. */
export function appendSucceeded(revision: number, position: number | undefined): Buffer {
  return frame(new ProtoWriter().message(1, writeSuccess(revision, position)).finish());
}

export function writeSuccess(revision: number, position: number | undefined): ProtoWriter {
  const success = new ProtoWriter();
  if (revision < 0) success.empty(2);
  else success.uint(1, revision);
  if (position === undefined) success.empty(4);
  else success.message(3, writePosition(position));
  return success;
}

/** Unary Append tells a conflict in its answer, not in the trailers. */
export function appendConflicted(expected: ExpectedRevision, actual: number): Buffer {
  const conflict = new ProtoWriter();
  if (actual >= 0) conflict.uint(6, actual);
  else conflict.empty(7);
  switch (expected.kind) {
    case 'exact':
      conflict.uint(8, expected.revision);
      break;
    case 'any':
      conflict.empty(9);
      break;
    case 'stream-exists':
      conflict.empty(10);
      break;
    case 'no-stream':
      conflict.empty(11);
      break;
    default:
      throw new Error(`unknown expectation ${String(expected satisfies never)}`);
  }
  return frame(new ProtoWriter().message(2, conflict).finish());
}
