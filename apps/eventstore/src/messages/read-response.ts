import { ProtoWriter } from '../wire/protobuf.js';
import { frame } from '../wire/frame.js';
import { writePosition, writeStreamIdentifier } from './shared.js';

/** The answers of Read that carry no event; those that do are stored ready to send (storage/event-frame.ts). */
export function confirmation(subscriptionId: string): Buffer {
  return frame(new ProtoWriter().message(2, new ProtoWriter().string(1, subscriptionId)).finish());
}

export function checkpoint(position: number): Buffer {
  return frame(new ProtoWriter().message(3, writePosition(position)).finish());
}

export function streamNotFound(stream: string): Buffer {
  const notFound = new ProtoWriter().message(1, writeStreamIdentifier(stream));
  return frame(new ProtoWriter().message(4, notFound).finish());
}

export const CAUGHT_UP: Buffer = frame(new ProtoWriter().empty(8).finish());
