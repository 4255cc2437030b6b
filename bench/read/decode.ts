import type { JsonObject, RecordedEvent } from '@daybook/eventsourcing';
import { ProtoReader } from '../../apps/eventstore/src/wire/protobuf.js';

/** ReadResp to the event of the store port, by hand; null for what is no event, or one of the system. */
export function decodeReadResponse(message: Buffer): RecordedEvent | null {
  const response = new ProtoReader(message);
  for (let field = response.nextField(); field !== 0; field = response.nextField()) {
    if (field === 1) return decodeReadEvent(response.message());
    response.skip();
  }
  return null;
}

function decodeReadEvent(readEvent: ProtoReader): RecordedEvent | null {
  for (let field = readEvent.nextField(); field !== 0; field = readEvent.nextField()) {
    if (field === 1) {
      const event = decodeRecorded(readEvent.message());
      return event.stream.startsWith('$') ? null : event;
    }
    readEvent.skip();
  }
  return null;
}

const NOTHING = Buffer.from('{}');

function decodeRecorded(reader: ProtoReader): RecordedEvent {
  let [id, stream, type] = ['', '', ''];
  let [revision, position] = [0, 0];
  let data: Buffer = NOTHING;
  let metadata: Buffer = NOTHING;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    switch (field) {
      case 1:
        id = textIn(reader.message(), 2);
        break;
      case 2:
        stream = textIn(reader.message(), 3);
        break;
      case 3:
        revision = reader.uint();
        break;
      case 5:
        position = reader.uint();
        break;
      case 6: {
        const entry = reader.message();
        entry.nextField();
        if (entry.string() === 'type') type = textIn(entry, 2);
        break;
      }
      case 7:
        metadata = reader.bytesValue();
        break;
      case 8:
        data = reader.bytesValue();
        break;
      default:
        reader.skip();
    }
  }
  return { id, stream, type, revision: BigInt(revision), position: BigInt(position), data: parse(data), metadata: parse(metadata) };
}

function parse(bytes: Buffer): JsonObject {
  return JSON.parse(bytes.toString()) as JsonObject;
}

function textIn(reader: ProtoReader, wanted: number): string {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === wanted) return reader.string();
    reader.skip();
  }
  return '';
}
