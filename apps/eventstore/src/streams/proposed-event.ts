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
