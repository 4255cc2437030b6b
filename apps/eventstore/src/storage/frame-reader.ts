import { FRAME_HEADER_BYTES } from '../wire/frame.js';
import { ProtoReader } from '../wire/protobuf.js';

/** What readers are told about an event, taken from the frame that is sent to them (see event-frame.ts). */
export interface FrameContent {
  readonly id: string;
  readonly stream: string;
  /** The largest safe integer for a tombstone. */
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

const EMPTY: Buffer = Buffer.alloc(0);

/** RecordedEvent is two messages deep; fields it does not have stay empty. */
export function readFrame(stored: Buffer): FrameContent {
  const reader = inside(inside(new ProtoReader(stored, FRAME_HEADER_BYTES)));
  const found = { id: '', stream: '', revision: 0, position: 0, type: '', data: EMPTY, metadata: EMPTY };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) found.id = textIn(reader.message(), 2);
    else if (field === 2) found.stream = textIn(reader.message(), 3);
    else if (field === 3) found.revision = reader.uint();
    else if (field === 5) found.position = reader.uint();
    else if (field === 6) found.type = typeIn(reader.message()) ?? found.type;
    else if (field === 7) found.metadata = reader.bytesValue();
    else if (field === 8) found.data = reader.bytesValue();
    else reader.skip();
  }
  return found;
}

/** The message in field 1. */
function inside(reader: ProtoReader): ProtoReader {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return reader.message();
    reader.skip();
  }
  return new ProtoReader(EMPTY);
}

function textIn(reader: ProtoReader, wanted: number): string {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === wanted) return reader.string();
    reader.skip();
  }
  return '';
}

/** An entry of the metadata map: key 1, value 2. */
function typeIn(reader: ProtoReader): string | undefined {
  let key = '';
  let value = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.string();
    else reader.skip();
  }
  return key === 'type' ? value : undefined;
}
