import { AppendRefusedError, NO_EVENTS, type NewEvent, type Revision } from './store.js';

/**
 * What every store refuses before it looks at a stream, in one place so that the memory store can never be kinder than
 * the server. The server's own limit is 1 MiB an append; a cluster of a later version allows more, we do not use it.
 */
export const MAX_APPEND_BYTES = 1_048_576;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An event as it is stored: its JSON is written once, here, and never touched again. */
export interface WritableEvent {
  readonly id: string;
  readonly type: string;
  readonly dataText: string;
  readonly metadataText: string;
}

export function writableEvents(
  stream: string,
  events: readonly NewEvent[],
  expectedRevision: Revision,
): readonly WritableEvent[] {
  refuseUnless(stream.length > 0 && !stream.startsWith('$'), `'${stream}' is not a name for a stream`);
  refuseUnless(events.length > 0, 'an append carries at least one event');
  refuseUnless(expectedRevision >= NO_EVENTS, `${expectedRevision} is not a revision a stream can have`);
  refuseUnless(new Set(events.map(({ id }) => id)).size === events.length, 'an append names an event id twice');
  const writable = events.map(writableEvent);
  const bytes = writable.reduce((sum, event) => sum + eventBytes(event), 0);
  refuseUnless(bytes <= MAX_APPEND_BYTES, `${bytes} bytes are more than one append may carry`);
  return writable;
}

/** Size as the server counts it: names in UTF-16, bodies in UTF-8. */
export function eventBytes(event: WritableEvent): number {
  return event.type.length * 2 + Buffer.byteLength(event.dataText) + Buffer.byteLength(event.metadataText);
}

function writableEvent(event: NewEvent): WritableEvent {
  refuseUnless(UUID.test(event.id), `'${event.id}' is not a lower-case UUID`);
  refuseUnless(event.type.length > 0 && !event.type.startsWith('$'), `'${event.type}' is not a name for an event`);
  return {
    id: event.id,
    type: event.type,
    dataText: jsonText(event.data, `data of ${event.type}`),
    metadataText: jsonText(event.metadata, `metadata of ${event.type}`),
  };
}

function jsonText(value: unknown, what: string): string {
  refuseUnless(isPlainObject(value), `${what} is not a plain object`);
  refuseUnlessJson(value, what);
  return JSON.stringify(value);
}

/** JSON.stringify changes what is not JSON without a word; a stored event must come back as it went. */
function refuseUnlessJson(value: unknown, path: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    return refuseUnless(Number.isFinite(value), `${path} is ${value}, which JSON cannot say`);
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) refuseUnlessJson(value[index], `${path}[${index}]`);
    return;
  }
  refuseUnless(isPlainObject(value), `${path} is not JSON`);
  for (const [key, entry] of Object.entries(value as object)) refuseUnlessJson(entry, `${path}.${key}`);
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A value made in another realm (a test's sandbox, a worker) has that realm's Object.prototype: its parent is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuseUnless(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new AppendRefusedError(reason);
}
