import type { Clock, Random } from '@daybook/kernel';
import type { EventIndex } from '../index/event-index.js';
import type { SegmentedLog } from '../storage/segmented-log.js';
import type { StreamCatalog } from '../streams/stream-catalog.js';
import { GrpcStatus, invalidArgument, RpcError } from '../wire/status.js';
import type { Commits } from './commits.js';

/** What every read works with. */
export interface ReadContext {
  readonly index: EventIndex;
  readonly catalog: StreamCatalog;
  readonly log: SegmentedLog;
  readonly commits: Commits;
  readonly clock: Clock;
  readonly random: Random;
}

export function streamDeleted(stream: string): RpcError {
  return new RpcError(GrpcStatus.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

/** The ordinal of the event at a position this node has issued; other positions are refused, not guessed at. */
export function ordinalAt(index: EventIndex, position: number): number {
  const ordinal = index.firstAtOrAfter(position);
  if (ordinal < index.committedCount && index.position(ordinal) === position) return ordinal;
  throw invalidArgument(`position ${position} is not one this log has issued`);
}

/** Readers that skip many events in memory let others run now and then. */
export const CONSIDERED_BETWEEN_BREAKS = 50_000;

export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
