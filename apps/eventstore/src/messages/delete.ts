import { ProtoReader, ProtoWriter } from '../wire/protobuf.js';
import { frame } from '../wire/frame.js';
import { invalidArgument } from '../wire/status.js';
import type { WriteTarget } from '../streams/write-request.js';
import { readWriteTarget } from './append.js';
import { writePosition } from './shared.js';

/** DeleteReq and TombstoneReq have the same shape. */
export function readDelete(message: Buffer): WriteTarget {
  const reader = new ProtoReader(message);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) return readWriteTarget(reader.message());
    reader.skip();
  }
  throw invalidArgument('the options are missing');
}

export function deleted(position: number): Buffer {
  return frame(new ProtoWriter().message(1, writePosition(position)).finish());
}
