import type { ExpectedRevision } from './expected-revision.js';
import type { ProposedEvent } from './proposed-event.js';

export interface WriteTarget {
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

export type WriteRequest =
  | (WriteTarget & {
      readonly kind: 'append';
      readonly events: readonly ProposedEvent[];
      /** Milliseconds since the Unix epoch; later it is not begun. */
      readonly deadline: number | undefined;
    })
  | (WriteTarget & { readonly kind: 'delete' })
  | (WriteTarget & { readonly kind: 'tombstone' });

export type WriteOutcome =
  /** `revision` of the last event; no position if nothing had to be written. */
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'conflict'; readonly revision: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'disk-reserve'; readonly freeBytes: number }
  /** More is waiting to be written than the node is ready to hold. */
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'stopping' };

/** Refusals and conflicts: nothing was written. */
export type WriteRefusal = Exclude<WriteOutcome, { kind: 'written' }>;

/** Takes writes, and tells each what became of it once that is certain. */
export interface Writes {
  submit(request: WriteRequest, settle: (outcome: WriteOutcome) => void): void;
}
