import { invariant } from '@daybook/kernel';
import type { JsonObject, Position, RecordedEvent, Revision } from '../store.js';

/** An event as the client hands it over. */
export interface ClientEvent {
  readonly event?:
    | {
        readonly id: string;
        readonly type: string;
        readonly streamId: string;
        readonly revision: Revision;
        readonly isJson: boolean;
        readonly data: unknown;
        readonly metadata?: unknown;
        readonly position?: { readonly commit: Position; readonly prepare: Position } | undefined;
      }
    | undefined;
}

export function recordedEvent(resolved: ClientEvent): RecordedEvent {
  const { event } = resolved;
  invariant(event !== undefined && event.isJson, 'an event of Daybook is JSON');
  const { id, type, streamId, revision } = event;
  const data = event.data as JsonObject;
  // The client answers no metadata at all where there were none; here that is an empty object.
  const metadata = (event.metadata ?? {}) as JsonObject;
  return { id, type, data, metadata, stream: streamId, revision, position: positionOf(resolved) };
}

/** Servers of today write both halves of a position alike; where they differ, one number could not name the place. */
export function positionOf({ event }: ClientEvent): Position {
  const { commit, prepare } = event?.position ?? {};
  invariant(commit !== undefined && commit === prepare, 'an event has one position');
  return commit;
}

export function isSystemEvent({ event }: ClientEvent): boolean {
  return event === undefined || event.streamId.startsWith('$') || event.type.startsWith('$');
}
