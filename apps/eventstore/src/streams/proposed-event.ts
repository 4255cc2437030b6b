import { invalidArgument } from '../wire/status.js';
import { TOMBSTONE_TYPE } from './stream-metadata.js';

/** An event as a client sends it; stream, revision, position and time are given by the node. */
export interface ProposedEvent {
  /** Lower-case UUID. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

/** The protocol's default limit on one append: type, data and metadata of all its events together. */
export const MAX_APPEND_BYTES = 1024 * 1024;

export function sizeOf(event: ProposedEvent): number {
  return Buffer.byteLength(event.type) + event.data.length + event.metadata.length;
}

/** A tombstone is known by its type: nobody may write one by appending. */
export function assertUserType(event: ProposedEvent): void {
  if (event.type === TOMBSTONE_TYPE) throw invalidArgument(`events of type ${TOMBSTONE_TYPE} are written by the node only`);
}
