import http2 from 'node:http2';
import { once } from 'node:events';

/** One gRPC call without any client library, for what a library would never send. */
export interface RawAnswer {
  readonly status: number | undefined;
  readonly message: string;
  readonly body: Buffer;
}

const STREAMS = '/event_store.client.streams.Streams';

export class RawConnection {
  private readonly session: http2.ClientHttp2Session;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(server: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> }) {
    // A server that is tested has a certificate of its own making.
    this.session = http2.connect(server.endpoint, { rejectUnauthorized: false });
    this.headers = server.headers;
    this.session.on('error', () => undefined);
  }

  close(): void {
    this.session.destroy();
  }

  open(method: string, headers: http2.OutgoingHttpHeaders = {}): http2.ClientHttp2Stream {
    const path = method.startsWith('/') ? method : `${STREAMS}/${method}`;
    const stream = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...this.headers,
      ...headers,
    });
    stream.on('error', () => undefined);
    return stream;
  }

  /** Sends these bytes as they are and waits for the end of the call. */
  async call(method: string, sent: Buffer, headers: http2.OutgoingHttpHeaders = {}): Promise<RawAnswer> {
    const stream = this.open(method, headers);
    stream.end(sent);
    return answerOf(stream);
  }
}

/** One message in its frame of five bytes. */
export function framed(message: { serializeBinary(): Uint8Array }): Buffer {
  const body = message.serializeBinary();
  const header = Buffer.alloc(5);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

/** The messages of an answer, without their frames. */
export function messagesOf(body: Buffer): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    messages.push(new Uint8Array(body.subarray(at + 5, end)));
    at = end;
  }
  return messages;
}

export async function answerOf(stream: http2.ClientHttp2Stream): Promise<RawAnswer> {
  let status: number | undefined;
  let message = '';
  const pieces: Buffer[] = [];
  const note = (headers: http2.IncomingHttpHeaders): void => {
    if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
    if (headers['grpc-message'] !== undefined) message = String(headers['grpc-message']);
  };
  stream.on('response', note);
  stream.on('trailers', note);
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await once(stream, 'close');
  return { status, message, body: Buffer.concat(pieces) };
}
