import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import net from 'node:net';
import { frame } from './frame.js';
import { listen, type RpcServer } from './rpc-server.js';
import { GrpcStatus } from './status.js';

const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

const IMPATIENT = { intervalMs: 20, patience: 2 };

let server: RpcServer;

afterEach(() => server.close());

/** Resolves when the server says so by itself; a connection that is never let go runs into the test's time limit. */
async function untilConnections(wanted: number): Promise<void> {
  while (server.connections !== wanted) await new Promise((resolve) => setImmediate(resolve));
}

async function untilAllIsTaken(): Promise<void> {
  while (server.unreadBytes > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('the connections of the server', () => {
  it('are let go when the peer sends noise and leaves', async () => {
    server = await listen({ host: '127.0.0.1', port: 0, routes: new Map(), keepAlive: IMPATIENT });
    for (let round = 0; round < 50; round += 1) {
      const socket = net.connect(server.port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.end(Buffer.concat([HTTP2_PREFACE, EMPTY_SETTINGS, randomBytes(400)]));
    }
    await untilConnections(0);
  });

  it('are let go when the peer ends its side and says nothing', async () => {
    server = await listen({ host: '127.0.0.1', port: 0, routes: new Map(), keepAlive: IMPATIENT });
    for (const said of [Buffer.alloc(0), HTTP2_PREFACE, Buffer.concat([HTTP2_PREFACE, EMPTY_SETTINGS])]) {
      const socket = net.connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.end(said);
      await once(socket, 'close');
    }
    await untilConnections(0);
  });

  it('are kept while an idle peer answers', async () => {
    server = await listen({ host: '127.0.0.1', port: 0, routes: new Map(), keepAlive: IMPATIENT });
    const client = connectHttp2(`http://127.0.0.1:${server.port}`);
    for (let answered = 0; answered < 5; answered += 1) await once(client, 'ping');
    expect([server.connections, client.destroyed]).toEqual([1, false]);
    client.close();
    await untilConnections(0);
  });
});

describe('what peers do not read', () => {
  const LARGE = frame(Buffer.alloc(900_000));
  const LITTLE = frame(Buffer.alloc(100));
  let client: ClientHttp2Session;

  beforeEach(async () => {
    server = await listen({
      host: '127.0.0.1',
      port: 0,
      unreadBytes: 2_000_000,
      routes: new Map([
        ['/large', (call) => void call.sendAndDrain(LARGE).then(() => call.finish())],
        ['/twice', (call) => (call.send(LARGE), call.send(LARGE))],
        ['/little', (call) => (call.send(LITTLE), call.finish())],
      ]),
    });
    client = connectHttp2(`http://127.0.0.1:${server.port}`);
  });

  afterEach(() => client.destroy());

  /** A call that never reads, once it has been answered; and the status, if the answer was one. */
  async function call(path: string): Promise<{ stream: ClientHttp2Stream; status: unknown; message: unknown }> {
    const stream = client.request({ ':method': 'POST', ':path': path }, { endStream: true });
    stream.on('error', () => undefined);
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    return { stream, status: headers['grpc-status'], message: headers['grpc-message'] };
  }

  const isRefused = { status: String(GrpcStatus.RESOURCE_EXHAUSTED), message: expect.stringContaining('unread') as unknown };

  it('is bounded: a call that would add to it is refused, and served when others have ended', async () => {
    const held = [await call('/large'), await call('/large')];
    expect(held.map(({ status }) => status)).toEqual([undefined, undefined]);
    for (let more = 0; more < 20; more += 1) expect(await call('/large')).toMatchObject(isRefused);
    expect(server.unreadBytes).toBeLessThanOrEqual(2_000_000);

    for (const { stream } of held) stream.close(constants.NGHTTP2_CANCEL);
    await untilAllIsTaken();
    const { stream, status } = await call('/large');
    expect(status).toBeUndefined();
    stream.resume();
    await once(stream, 'end');
    await untilAllIsTaken();
  });

  it('does not keep little answers from others', async () => {
    await call('/large');
    await call('/large');
    expect((await call('/large')).status).toBe(isRefused.status);
    const { stream } = await call('/little');
    stream.resume();
    const [trailers] = (await once(stream, 'trailers')) as [Record<string, unknown>];
    expect(trailers['grpc-status']).toBe(String(GrpcStatus.OK));
  });

  it('is let go when its own call asks for more than there is', async () => {
    const held = await call('/large');
    const refused = client.request({ ':method': 'POST', ':path': '/twice' }, { endStream: true });
    const [error] = (await once(refused, 'error')) as [Error];
    expect(error.message).toContain('ENHANCE_YOUR_CALM');
    expect(server.unreadBytes).toBeLessThanOrEqual(900_005);
    held.stream.close();
  });
});
