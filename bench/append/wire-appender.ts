import http2 from 'node:http2';
import { randomUUID } from 'node:crypto';
import { frame, FrameSplitter } from '../../apps/eventstore/src/wire/frame.js';
import { ProtoReader, ProtoWriter } from '../../apps/eventstore/src/wire/protobuf.js';

const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The least a client can do: one call, messages by hand, no library. What the official client costs is the difference. */
export class WireAppender {
  private readonly session: http2.ClientHttp2Session;
  private readonly call: http2.ClientHttp2Stream;
  private readonly waiting = new Map<string, Waiting>();

  constructor(origin: string) {
    this.session = http2.connect(origin);
    this.call = this.session.request({ ':method': 'POST', ':path': BATCH_APPEND, 'content-type': 'application/grpc', te: 'trailers' });
    const splitter = new FrameSplitter((message) => this.take(message));
    this.call.on('data', (piece: Buffer) => splitter.push(piece));
    const gone = (error?: Error): void => {
      for (const { reject } of this.waiting.values()) reject(error ?? new Error('the call has ended'));
    };
    this.call.on('error', gone);
    this.call.on('close', gone);
  }

  async append(stream: string, expected: number, type: string, data: Buffer, metadata: Buffer): Promise<void> {
    const correlationId = randomUUID();
    const answered = new Promise<void>((resolve, reject) => this.waiting.set(correlationId, { resolve, reject }));
    this.call.write(requestOf(correlationId, stream, expected, type, data, metadata));
    return answered;
  }

  close(): void {
    this.session.destroy();
  }

  private take(message: Buffer): void {
    const reader = new ProtoReader(message);
    let correlationId = '';
    let isStored = false;
    for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
      if (field === 1) correlationId = uuidIn(reader.message());
      else {
        if (field === 3) isStored = true;
        reader.skip();
      }
    }
    const waiting = this.waiting.get(correlationId);
    this.waiting.delete(correlationId);
    if (isStored) waiting?.resolve();
    else waiting?.reject(new Error('an append was refused'));
  }
}

function requestOf(correlationId: string, stream: string, expected: number, type: string, data: Buffer, metadata: Buffer): Buffer {
  const options = new ProtoWriter().message(1, new ProtoWriter().string(3, stream));
  if (expected < 0) options.empty(3);
  else options.uint(2, expected);
  const event = new ProtoWriter()
    .message(1, new ProtoWriter().string(2, randomUUID()))
    .message(2, entry('type', type))
    .message(2, entry('content-type', 'application/json'))
    .bytes(3, metadata)
    .bytes(4, data);
  const request = new ProtoWriter()
    .message(1, new ProtoWriter().string(2, correlationId))
    .message(2, options)
    .message(3, event)
    .uint(4, 1);
  return frame(request.finish());
}

function entry(key: string, value: string): ProtoWriter {
  return new ProtoWriter().string(1, key).string(2, value);
}

function uuidIn(reader: ProtoReader): string {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 2) return reader.string();
    reader.skip();
  }
  return '';
}
