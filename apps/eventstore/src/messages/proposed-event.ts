import type { ProtoReader } from '../wire/protobuf.js';
import { GrpcStatus, invalidArgument, RpcError } from '../wire/status.js';
import type { ProposedEvent } from '../streams/proposed-event.js';
import { TOMBSTONE_TYPE } from '../streams/stream-metadata.js';
import { MAX_NAME_BYTES, readUuid } from './shared.js';

const EMPTY: Buffer = Buffer.alloc(0);
const JSON_CONTENT_TYPE = 'application/json';

/** ProposedMessage of Append and BatchAppend: id 1, metadata map 2, custom metadata 3, data 4. */
export function readProposedEvent(reader: ProtoReader): ProposedEvent {
  let id: string | undefined;
  let type: string | undefined;
  let contentType: string | undefined;
  let metadata = EMPTY;
  let data = EMPTY;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    switch (field) {
      case 1:
        id = readUuid(reader.message());
        break;
      case 2: {
        const [key, value] = readMapEntry(reader.message());
        if (key === 'type') type = value;
        else if (key === 'content-type') contentType = value;
        break;
      }
      case 3:
        metadata = reader.bytesValue();
        break;
      case 4:
        data = reader.bytesValue();
        break;
      default:
        reader.skip();
    }
  }
  if (id === undefined) throw invalidArgument('an event has no id');
  if (type === undefined || contentType === undefined) throw missingMetadata();
  if (type === TOMBSTONE_TYPE) throw invalidArgument(`only the node writes events of type ${TOMBSTONE_TYPE}`);
  if (type === '') throw invalidArgument('an event has an empty type');
  if (Buffer.byteLength(type) > MAX_NAME_BYTES) throw invalidArgument(`an event type is longer than ${MAX_NAME_BYTES} bytes`);
  return { id, type, isJson: contentType === JSON_CONTENT_TYPE, data, metadata };
}

function missingMetadata(): RpcError {
  return new RpcError(GrpcStatus.INVALID_ARGUMENT, 'an event needs the metadata type and content-type', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

function readMapEntry(reader: ProtoReader): [key: string, value: string] {
  let key = '';
  let value = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.string();
    else reader.skip();
  }
  return [key, value];
}
