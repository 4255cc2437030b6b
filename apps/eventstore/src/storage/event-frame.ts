import { varintLength, writeVarint } from '../wire/protobuf.js';
import { FRAME_HEADER_BYTES } from '../wire/frame.js';

/**
 * STORAGE CONTRACT. The frame of ReadResp{event: ReadEvent{event: RecordedEvent, commit_position}} is stored as it is
 * sent: a read copies it, nothing is encoded twice. The encoder sizes every level first and then writes once.
 */
export interface EventToRecord {
  readonly id: string;
  readonly streamName: Buffer;
  readonly type: Buffer;
  readonly isJson: boolean;
  readonly revision: number | 'deleted';
  readonly position: number;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

const UUID_TEXT_BYTES = 36;
const UUID_FIELD_BYTES = 4 + UUID_TEXT_BYTES;

/** Revision of a tombstone: the largest there is, 2^63 - 1. */
const DELETED_REVISION = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

function mapEntry(key: string, value: Buffer): Buffer {
  const name = Buffer.from(key);
  const bodyLength = 1 + varintLength(name.length) + name.length + 1 + varintLength(value.length) + value.length;
  const entry = Buffer.allocUnsafe(1 + varintLength(bodyLength) + bodyLength);
  entry[0] = 0x32;
  let at = writeVarint(entry, 1, bodyLength);
  at = writeBlock(entry, at, 0x0a, name);
  writeBlock(entry, at, 0x12, value);
  return entry;
}

const JSON_ENTRY = mapEntry('content-type', Buffer.from('application/json'));
const BINARY_ENTRY = mapEntry('content-type', Buffer.from('application/octet-stream'));
/** The digits of `created` are overwritten in place: ticks of 100 ns have 17 digits until the year 5138. */
const CREATED_ENTRY = mapEntry('created', Buffer.alloc(17, '0'));
const CREATED_DIGITS_AT = CREATED_ENTRY.length - 17;
const TYPE_KEY = Buffer.from('type');

interface FrameLayout {
  readonly recorded: number;
  readonly readEvent: number;
  readonly message: number;
  readonly frame: number;
}

function layoutOf(event: EventToRecord): FrameLayout {
  const nameBlock = blockLength(event.streamName);
  const typeEntry = 1 + varintLength(TYPE_KEY.length) + TYPE_KEY.length + blockLength(event.type);
  const positionLength = varintLength(event.position);
  const revisionLength = event.revision === 'deleted' ? DELETED_REVISION.length : varintLength(event.revision);
  const recorded =
    UUID_FIELD_BYTES +
    1 +
    varintLength(nameBlock) +
    nameBlock +
    1 +
    revisionLength +
    2 * (1 + positionLength) +
    1 +
    varintLength(typeEntry) +
    typeEntry +
    (event.isJson ? JSON_ENTRY : BINARY_ENTRY).length +
    CREATED_ENTRY.length +
    (event.metadata.length > 0 ? blockLength(event.metadata) : 0) +
    (event.data.length > 0 ? blockLength(event.data) : 0);
  const readEvent = 1 + varintLength(recorded) + recorded + 1 + positionLength;
  const message = 1 + varintLength(readEvent) + readEvent;
  return { recorded, readEvent, message, frame: FRAME_HEADER_BYTES + message };
}

function blockLength(bytes: Buffer): number {
  return 1 + varintLength(bytes.length) + bytes.length;
}

function writeBlock(target: Buffer, offset: number, tag: number, bytes: Buffer): number {
  target[offset] = tag;
  const at = writeVarint(target, offset + 1, bytes.length);
  bytes.copy(target, at);
  return at + bytes.length;
}

export function frameLength(event: EventToRecord): number {
  return layoutOf(event).frame;
}

/** Where the frame names its stream and type, so that an index can be built without decoding. */
export interface NamesInFrame {
  readonly streamNameAt: number;
  readonly typeAt: number;
}

/** Writes the frame at `offset`, where `frameLength` bytes are free. The offsets answered are from there. */
export function writeEventFrame(target: Buffer, offset: number, event: EventToRecord): NamesInFrame {
  const layout = layoutOf(event);
  target[offset] = 0;
  target.writeUInt32BE(layout.message, offset + 1);
  let at = offset + FRAME_HEADER_BYTES;
  target[at] = 0x0a;
  at = writeVarint(target, at + 1, layout.readEvent);
  target[at] = 0x0a;
  at = writeVarint(target, at + 1, layout.recorded);

  target[at] = 0x0a;
  target[at + 1] = UUID_TEXT_BYTES + 2;
  target[at + 2] = 0x12;
  target[at + 3] = UUID_TEXT_BYTES;
  target.write(event.id, at + 4, 'latin1');
  at += UUID_FIELD_BYTES;

  target[at] = 0x12;
  at = writeVarint(target, at + 1, blockLength(event.streamName));
  at = writeBlock(target, at, 0x1a, event.streamName);
  const streamNameAt = at - event.streamName.length - offset;

  target[at] = 0x18;
  if (event.revision === 'deleted') at += 1 + DELETED_REVISION.copy(target, at + 1);
  else at = writeVarint(target, at + 1, event.revision);
  target[at] = 0x20;
  at = writeVarint(target, at + 1, event.position);
  target[at] = 0x28;
  at = writeVarint(target, at + 1, event.position);

  target[at] = 0x32;
  at = writeVarint(target, at + 1, blockLength(TYPE_KEY) + blockLength(event.type));
  at = writeBlock(target, at, 0x0a, TYPE_KEY);
  at = writeBlock(target, at, 0x12, event.type);
  const typeAt = at - event.type.length - offset;
  at += (event.isJson ? JSON_ENTRY : BINARY_ENTRY).copy(target, at);
  CREATED_ENTRY.copy(target, at);
  target.write(`${event.created}0000`.padStart(17, '0'), at + CREATED_DIGITS_AT, 'latin1');
  at += CREATED_ENTRY.length;

  if (event.metadata.length > 0) at = writeBlock(target, at, 0x3a, event.metadata);
  if (event.data.length > 0) at = writeBlock(target, at, 0x42, event.data);
  target[at] = 0x18;
  at = writeVarint(target, at + 1, event.position);
  if (at !== offset + layout.frame) throw new Error('an event frame has another length than computed');
  return { streamNameAt, typeAt };
}

/** Room for the tag and the longest varint of a position. */
const expectedEnd = Buffer.alloc(11);

/** A frame ends with its event's position: one that was written to another place of the log says so itself. */
export function frameIsAt(stored: Buffer, position: number): boolean {
  expectedEnd[0] = 0x18;
  const length = writeVarint(expectedEnd, 1, position);
  const end = stored.length - length;
  return end >= 0 && expectedEnd.compare(stored, end, stored.length, 0, length) === 0;
}
