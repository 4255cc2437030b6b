import { ProtoReader, ProtoWriter } from '../wire/protobuf.js';
import { invalidArgument } from '../wire/status.js';
import type { ExpectedRevision } from '../streams/expected-revision.js';

/** Longer names would be legal in the protocol; in memory and in the record's header they would be a burden. */
export const MAX_NAME_BYTES = 4096;

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** StreamIdentifier: field 3 is the name. */
export function readStreamIdentifier(reader: ProtoReader): string {
  let name: Buffer | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 3) name = reader.bytesValue();
    else reader.skip();
  }
  if (!name || name.length === 0) throw invalidArgument('the stream name is missing');
  if (name.length > MAX_NAME_BYTES) throw invalidArgument(`the stream name is longer than ${MAX_NAME_BYTES} bytes`);
  return name.toString('utf8');
}

export function writeStreamIdentifier(name: string): ProtoWriter {
  return new ProtoWriter().string(3, name);
}

/** UUID as text, in lower case. The structured form is refused: no current client sends it. */
export function readUuid(reader: ProtoReader): string {
  let text: string | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) throw invalidArgument('structured UUIDs are not supported, send them as strings');
    if (field === 2) text = reader.string().toLowerCase();
    else reader.skip();
  }
  if (text === undefined || !UUID_TEXT.test(text)) throw invalidArgument('a UUID is missing or malformed');
  return text;
}

export function writeUuid(text: string): ProtoWriter {
  return new ProtoWriter().string(2, text);
}

/** Fields 2-5 of every write's options: an exact revision, or one of three conditions. */
export function readExpectedRevision(field: number, reader: ProtoReader): ExpectedRevision | undefined {
  switch (field) {
    case 2:
      return { kind: 'exact', revision: reader.uint() };
    case 3:
      reader.skip();
      return { kind: 'no-stream' };
    case 4:
      reader.skip();
      return { kind: 'any' };
    case 5:
      reader.skip();
      return { kind: 'stream-exists' };
    default:
      return undefined;
  }
}

export function writePosition(position: number): ProtoWriter {
  return new ProtoWriter().uint(1, position).uint(2, position);
}
