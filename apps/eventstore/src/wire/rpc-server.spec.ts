import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import net from 'node:net';
import { listen, type RpcServer } from './rpc-server.js';

const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

const IMPATIENT = { intervalMs: 20, patience: 2 };

let server: RpcServer;

afterEach(() => server.close());

/** Resolves when the server says so by itself; a connection that is never let go runs into the test's time limit. */
async function untilConnections(wanted: number): Promise<void> {
  while (server.connections !== wanted) await new Promise((resolve) => setImmediate(resolve));
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
