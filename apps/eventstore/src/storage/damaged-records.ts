import { BATCH_HEADER_BYTES, batchLengthAt } from './batch.js';
import { FRAME_HEADER_BYTES } from '../wire/frame.js';
import { RECORD_HEADER_BYTES, RecordView } from './record.js';

/** A part of a buffer. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Salvage {
  /** What is broken, as narrowly as the intact records around it allow. */
  readonly broken: readonly Range[];
  readonly records: readonly { readonly at: number; readonly view: RecordView }[];
}

/**
 * Looks into bytes that begin with a batch that is not intact. Each record has a checksum of its own and ends with its
 * position, so those around the damage are found again. With all of them intact it is the header that is broken.
 */
export function salvageRecords(bytes: Buffer, position: number): Salvage {
  const records: { at: number; view: RecordView }[] = [];
  const broken: Range[] = [];
  let at = BATCH_HEADER_BYTES;
  while (at < bytes.length) {
    const view = intactRecord(bytes, at, position);
    if (view) {
      records.push({ at, view });
      at += view.length;
    } else if (batchLengthAt(bytes, at, position + at) !== undefined) {
      at += BATCH_HEADER_BYTES; // of a further batch that is broken too
    } else {
      const next = nextIntactRecord(bytes, at + 1, position) ?? bytes.length;
      broken.push({ from: at, to: next });
      at = next;
    }
  }
  if (broken.length === 0) broken.push({ from: 0, to: Math.min(BATCH_HEADER_BYTES, bytes.length) });
  return { broken, records };
}

function nextIntactRecord(bytes: Buffer, from: number, position: number): number | undefined {
  for (let at = from; at + RECORD_HEADER_BYTES + FRAME_HEADER_BYTES <= bytes.length; at += 1) {
    if (looksLikeRecord(bytes, at) && intactRecord(bytes, at, position)) return at;
  }
  return undefined;
}

/** The length is written twice, in the record's header and in its frame: a checksum is computed only where both agree. */
function looksLikeRecord(bytes: Buffer, at: number): boolean {
  const frameAt = at + RECORD_HEADER_BYTES;
  const messageBytes = bytes.readUInt32LE(at) - RECORD_HEADER_BYTES - FRAME_HEADER_BYTES;
  return bytes[frameAt] === 0 && bytes.readUInt32BE(frameAt + 1) === messageBytes;
}

function intactRecord(bytes: Buffer, at: number, position: number): RecordView | undefined {
  const view = RecordView.at(bytes, at);
  return view?.isIntactAt(position + at) ? view : undefined;
}
