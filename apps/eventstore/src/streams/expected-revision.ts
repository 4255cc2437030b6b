import type { ProposedEvent } from './proposed-event.js';

/** What a writer believes about a stream. */
export type ExpectedRevision =
  | { readonly kind: 'exact'; readonly revision: number }
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'any' }
  | { readonly kind: 'stream-exists' };

/** What the rules need to know about a stream; `revision` is that of the last event, -1 without any. */
export interface StreamFacts {
  readonly revision: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  /** Its metadata stream has events. */
  readonly hasMetadata: boolean;
  idAt(revision: number): string;
  /** The revision a recently written id has in this stream. Best effort. */
  recentRevisionOf(id: string): number | undefined;
}

export type WriteDecision =
  | { readonly kind: 'append' }
  /** The same append again: answered with where it was written the first time. */
  | { readonly kind: 'repeated'; readonly lastRevision: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'deleted' };

const APPEND: WriteDecision = { kind: 'append' };
const CONFLICT: WriteDecision = { kind: 'conflict' };
const DELETED: WriteDecision = { kind: 'deleted' };

/** The rules of the server this node stands in for, one append at a time, all or nothing. */
export function decideWrite(
  expected: ExpectedRevision,
  events: readonly Pick<ProposedEvent, 'id'>[],
  stream: StreamFacts,
): WriteDecision {
  if (stream.tombstoned) return DELETED;
  switch (expected.kind) {
    case 'exact':
      return decideAtRevision(expected.revision, events, stream);
    case 'no-stream':
      return decideAtRevision(-1, events, stream);
    case 'any':
      return decideAnywhere(events, stream);
    case 'stream-exists':
      if (stream.softDeleted) return DELETED;
      if (stream.revision < 0 && !stream.hasMetadata) return CONFLICT;
      return decideAnywhere(events, stream);
    default:
      throw new Error(`unknown expectation ${String(expected satisfies never)}`);
  }
}

/** Reliable: the ids at the revisions behind the expected one say whether this append is there already. */
function decideAtRevision(
  expected: number,
  events: readonly Pick<ProposedEvent, 'id'>[],
  stream: StreamFacts,
): WriteDecision {
  if (expected === stream.revision) return APPEND;
  if (expected > stream.revision || events.length === 0) return CONFLICT;
  for (const [index, event] of events.entries()) {
    const revision = expected + 1 + index;
    if (revision <= stream.revision && stream.idAt(revision) === event.id) continue;
    return index === 0 && expected === -1 && stream.softDeleted ? APPEND : CONFLICT;
  }
  return { kind: 'repeated', lastRevision: expected + events.length };
}

/** Best effort: only ids that are still remembered are recognised. */
function decideAnywhere(events: readonly Pick<ProposedEvent, 'id'>[], stream: StreamFacts): WriteDecision {
  let lastRevision = -1;
  for (const [index, event] of events.entries()) {
    const revision = stream.recentRevisionOf(event.id);
    if (revision === undefined) return index === 0 ? APPEND : CONFLICT;
    lastRevision = revision;
  }
  return events.length === 0 ? APPEND : { kind: 'repeated', lastRevision };
}
