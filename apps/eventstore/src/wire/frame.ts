import { GrpcStatus, RpcError } from './status.js';

/** A gRPC message on the wire: one byte "compressed", four bytes of length, the message. */
export const FRAME_HEADER_BYTES = 5;

/** The most a client of this protocol can receive; nothing larger is accepted either. */
export const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, FRAME_HEADER_BYTES);
  return framed;
}

/** Cuts a byte stream into messages, whatever the sizes of the pieces it arrives in. */
export class FrameSplitter {
  private readonly pieces: Buffer[] = [];
  private buffered = 0;

  constructor(private readonly onMessage: (message: Buffer) => void) {}

  /** Bytes of a message that has not arrived whole. */
  get incomplete(): number {
    return this.buffered;
  }

  push(piece: Buffer): void {
    this.pieces.push(piece);
    this.buffered += piece.length;
    let needed = this.neededBytes();
    while (this.buffered > 0 && this.buffered >= needed) {
      const bytes = this.pieces.length === 1 ? (this.pieces[0] as Buffer) : Buffer.concat(this.pieces, this.buffered);
      this.onMessage(bytes.subarray(FRAME_HEADER_BYTES, needed));
      const rest = bytes.subarray(needed);
      this.pieces.length = 0;
      this.buffered = rest.length;
      if (rest.length > 0) this.pieces.push(rest);
      needed = this.neededBytes();
    }
  }

  private neededBytes(): number {
    if (this.buffered < FRAME_HEADER_BYTES) return FRAME_HEADER_BYTES;
    let head = this.pieces[0] as Buffer;
    if (head.length < FRAME_HEADER_BYTES) {
      head = Buffer.concat(this.pieces, this.buffered);
      this.pieces.length = 0;
      this.pieces.push(head);
    }
    if (head[0] !== 0) throw new RpcError(GrpcStatus.UNIMPLEMENTED, 'compressed messages are not supported');
    const length = head.readUInt32BE(1);
    if (length > MAX_MESSAGE_BYTES) {
      throw new RpcError(GrpcStatus.RESOURCE_EXHAUSTED, `a message of ${length} bytes is over ${MAX_MESSAGE_BYTES}`);
    }
    return FRAME_HEADER_BYTES + length;
  }
}
