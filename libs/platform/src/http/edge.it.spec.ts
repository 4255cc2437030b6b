import { request as httpRequest } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { currentTrace } from '../telemetry/context.js';
import { edgeApp, type EdgeApp } from '../../../../test/support/edge-app.js';

let made: EdgeApp;
let port: number;

beforeEach(async () => {
  made = edgeApp();
  made.app.post('/v1/commands/:name', (request) => ({ got: request.body }));
  made.app.get('/v1/queries/:name', () => ({ data: {} }));
});
afterEach(() => made.app.close());

async function listen(): Promise<void> {
  await made.app.listen({ port: 0, host: '127.0.0.1' });
  port = (made.app.server.address() as AddressInfo).port;
}

/** Writes bytes as they are and reads until the server closes. */
async function raw(write: (socket: Socket) => void): Promise<{ text: string; afterMs: number }> {
  const begun = performance.now();
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.once('connect', () => write(socket));
  await closed;
  return { text: Buffer.concat(chunks).toString(), afterMs: performance.now() - begun };
}

function problemIn(text: string): { status: number; code: string; traceId: string } {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { status: number; code: string; traceId: string };
}

const get = (extra = '') => `GET /v1/queries/x HTTP/1.1\r\nHost: localhost\r\n${extra}`;
const post = (extra: string) =>
  `POST /v1/commands/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${extra}`;

describe('connections', () => {
  it('that send headers for more than 5 seconds or a body for more than 10 are answered 408 and closed', async () => {
    await listen();
    const trickle = (head: string) => (socket: Socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write('x'), 500);
      socket.once('close', () => clearInterval(timer));
      socket.once('end', () => clearInterval(timer));
    };
    const [headers, body] = await Promise.all([
      raw(trickle(get('X-Slow: '))),
      raw(trickle(post('Content-Length: 1000\r\n\r\n"'))),
    ]);
    expect(problemIn(headers.text)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
    expect(headers.afterMs).toBeGreaterThan(4_500);
    expect(headers.afterMs).toBeLessThan(8_000);
    expect(problemIn(body.text)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
    expect(body.afterMs).toBeGreaterThan(9_500);
    expect(body.afterMs).toBeLessThan(13_000);
    expect(await made.edge.drain(1_000)).toEqual({ finished: true, abandoned: 0 });
  });

  it('with more than 16 KiB of headers are answered 431', async () => {
    await listen();
    const one = await raw((socket) => socket.write(get(`X: ${'x'.repeat(17_000)}\r\n\r\n`)));
    expect(problemIn(one.text)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
    const many = await raw((socket) => socket.write(get(`${'name: value\r\n'.repeat(4_000)}\r\n`)));
    expect(problemIn(many.text)).toMatchObject({ status: 431 });
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x')],
    ['a length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')],
    ['chunks in disguise', post('Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n')],
    ['a length that is no number', post('Content-Length: 2x\r\n\r\n{}')],
    ['a negative length', post('Content-Length: -1\r\n\r\n')],
    ['a chunk size that is no number', post('Transfer-Encoding: chunked\r\n\r\nzz\r\n')],
    ['a folded header', get('X: a\r\n b\r\n\r\n')],
    ['a space before the colon', get('X : a\r\n\r\n')],
    ['a control character in a header', get('X: a\x01b\r\n\r\n')],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: localhost\n\n'],
  ])('that send %s are answered 400 once and closed', async (_what, bytes) => {
    await listen();
    const { text } = await raw((socket) => socket.write(bytes));
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that announce or send a body beyond the limit are answered 413 without reading it', async () => {
    await listen();
    const announced = await raw((socket) => socket.write(post('Content-Length: 1000000000\r\n\r\n')));
    expect(problemIn(announced.text)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const sent = await raw((socket) => {
      socket.write(post('Transfer-Encoding: chunked\r\n\r\n'));
      socket.write(chunk.repeat(8));
    });
    expect(sent.text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('on loopback are not answered under a name that is not of this machine', async () => {
    await listen();
    const { text } = await raw((socket) => socket.write('GET /v1/queries/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'));
    expect(text).toMatch(/^HTTP\/1\.1 421 /);
  });

  it('keep the trace through the reading of a body', async () => {
    made.app.post('/v1/trace', () => ({ traceId: currentTrace()?.traceId }));
    await listen();
    const answer = await fetch(`http://127.0.0.1:${port}/v1/trace`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filler: 'x'.repeat(200_000) }),
    });
    expect(await answer.json()).toEqual({ traceId: answer.headers.get('daybook-trace-id') });
  });
});

describe('a client that goes away', () => {
  it('leaves its command in flight until the handler is done', async () => {
    let finish = (): void => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    let notice = (): void => undefined;
    const abandoned = new Promise<void>((resolve) => (notice = resolve));
    const entered = new Promise<void>((resolve) => {
      made.app.get('/v1/slow', async (_request, reply) => {
        reply.raw.once('close', notice);
        resolve();
        await gate;
        return {};
      });
    });
    await listen();
    const request = httpRequest({ port, host: '127.0.0.1', path: '/v1/slow' });
    request.on('error', () => undefined);
    request.end();
    await entered;
    request.destroy();
    await abandoned;
    expect(made.edge.inFlight()).toBe(1);
    const drained = made.edge.drain(5_000);
    finish();
    expect(await drained).toEqual({ finished: true, abandoned: 0 });
  });
});
