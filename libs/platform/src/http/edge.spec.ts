import type { FastifyInstance } from 'fastify';
import { DaybookError } from '@daybook/kernel';
import { z } from 'zod';
import { edgeServerOptions } from './edge.js';
import { edgeApp, type EdgeApp } from '../../../../test/support/edge-app.js';

function withRoutes(overrides: Parameters<typeof edgeApp>[0] = {}): EdgeApp {
  const made = edgeApp(overrides);
  made.app.post('/v1/commands/:name', (request) => ({ got: request.body }));
  made.app.post('/v1/commands', (request) => ({ got: request.body }));
  made.app.get('/v1/queries/:name', () => ({ data: {} }));
  made.app.get('/health/live', () => ({ status: 'live' }));
  return made;
}

const post = (app: FastifyInstance, payload: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/commands/createFamily',
    payload,
    headers: { 'content-type': 'application/json', host: 'localhost:3000', ...headers },
  });
const get = (app: FastifyInstance, url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers: { host: 'localhost:3000', ...headers } });

describe('problems', () => {
  it('answers a domain refusal as problem+json with status, category, pointers and the trace id', async () => {
    const { app } = edgeApp();
    app.get('/v1/queries/x', () => {
      throw new DaybookError('VERSION_CONFLICT', 'It was amended.', {
        current: { version: 3 },
        errors: [{ pointer: '/lines/0/a~1b', code: 'stale', message: 'old' }],
      });
    });
    const answer = await get(app, '/v1/queries/x?secret=1');
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    const { traceId, ...body } = answer.json<Record<string, unknown>>();
    expect(traceId).toBe(answer.headers['daybook-trace-id']);
    expect(body).toEqual({
      type: 'http://localhost:3000/docs/errors#VERSION_CONFLICT',
      title: 'It has been changed in the meantime',
      status: 409,
      code: 'VERSION_CONFLICT',
      category: 'ConflictError',
      detail: 'It was amended.',
      errors: [{ pointer: '/lines/0/a~1b', path: 'lines[0].a/b', code: 'stale', message: 'old' }],
      instance: '/v1/queries/x',
      current: { version: 3 },
    });
  });

  it('keeps data from replacing the members of a problem', async () => {
    const { app } = edgeApp();
    app.get('/x', () => {
      throw new DaybookError('FORBIDDEN', 'no', { status: 200, code: 'OK', traceId: 'mine' });
    });
    const answer = await get(app, '/x');
    expect(answer.json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(answer.json<{ traceId: string }>().traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers an unknown error as INTERNAL without a word of it, and logs it with the route', async () => {
    const { app, log } = edgeApp();
    app.get('/x/:id', () => {
      throw new Error('password of the database is hunter2');
    });
    const answer = await get(app, '/x/1');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(log.lines).toMatchObject([{ level: 'error', facts: { route: '/x/:id' } }]);
  });

  it('does not believe the status of an error that is not the framework\'s', async () => {
    const { app } = edgeApp();
    app.get('/x', () => {
      throw Object.assign(new Error('upstream says'), { statusCode: 404, status: 404 });
    });
    expect((await get(app, '/x')).json()).toMatchObject({ code: 'INTERNAL' });
  });

  it('names each wrong field of a refused schema', async () => {
    const { app } = edgeApp();
    const schema = z.strictObject({ name: z.string(), amount: z.string(), kind: z.enum(['a', 'b']), n: z.number() });
    app.post('/v1/commands/createFamily', (request) => schema.parse(request.body));
    const answer = await post(app, '{"amount":5,"kind":"c","n":1,"extra":true}');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      detail: '4 fields are wrong; see errors.',
      errors: [
        { pointer: '/name', path: 'name', code: 'required', message: 'This field is required' },
        { pointer: '/amount', code: 'invalid_type', message: 'Expected string' },
        { pointer: '/kind', code: 'invalid_value', message: 'Expected a or b' },
        { pointer: '/extra', code: 'unknown_field', message: 'There is no such field' },
      ],
    });
  });

  it('tells 401 by WWW-Authenticate and 503 by Retry-After', async () => {
    const { app } = edgeApp();
    app.get('/a', () => {
      throw new DaybookError('UNAUTHENTICATED', 'expired at noon', { hint: 'x' });
    });
    app.get('/b', () => {
      throw new DaybookError('RATE_LIMITED', 'slow down', { retryAfterSeconds: 1.2 });
    });
    const a = await get(app, '/a');
    expect(a.headers['www-authenticate']).toBe('Bearer realm="daybook"');
    expect(a.body).not.toContain('noon');
    expect(a.body).not.toContain('hint');
    const b = await get(app, '/b');
    expect([b.statusCode, b.headers['retry-after']]).toEqual([429, '2']);
  });
});

describe('addresses and methods', () => {
  it('answers 404 for an unknown address, UNKNOWN_COMMAND for an unknown command', async () => {
    const { app } = edgeApp();
    expect((await get(app, '/nowhere')).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await post(app, '{}')).json()).toMatchObject({ status: 404, code: 'UNKNOWN_COMMAND' });
    expect((await get(app, '/v1/queries/none')).json()).toMatchObject({ status: 404, code: 'UNKNOWN_QUERY' });
  });

  it('answers 405 with Allow for a known address and another method', async () => {
    const { app } = withRoutes();
    const answer = await get(app, '/v1/commands/createFamily');
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'POST']);
    expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', allow: ['POST'] });
    const other = await app.inject({ method: 'DELETE', url: '/v1/queries/x', headers: { host: 'localhost' } });
    expect([other.statusCode, other.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  it('does not take a catch-all for an address that exists', async () => {
    const { app } = edgeApp();
    app.get('*', () => ({}));
    expect((await post(app, '{}')).json()).toMatchObject({ code: 'UNKNOWN_COMMAND' });
  });

  it('answers a path that is no URL as a problem too', async () => {
    const answer = await get(withRoutes().app, '/v1/queries/%zz');
    expect(answer.json()).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'daybook-trace-id': expect.any(String) as string });
  });

  it.each([
    ['application/json', 200],
    ['*/*', 200],
    ['text/html, application/*;q=0.1', 200],
    ['', 200],
    ['text/html', 406],
    ['application/json;q=0, */*', 406],
  ])('negotiates Accept: %s → %i', async (accept, status) => {
    expect((await get(withRoutes().app, '/v1/queries/x', { accept })).statusCode).toBe(status);
  });
});

describe('bodies', () => {
  it('takes JSON and nothing else', async () => {
    const { app } = withRoutes();
    expect((await post(app, '{"a":[1.50,"é"]}')).json()).toEqual({ got: { a: [1.5, 'é'] } });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      const answer = await post(app, '{}', { 'content-type': type });
      expect([type, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        type,
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ]);
    }
  });

  it.each([
    ['', 'invalid_json'],
    ['{', 'invalid_json'],
    ['{"a":1}x', 'invalid_json'],
    ['{"__proto__":{"admin":true}}', 'forbidden_key'],
    ['{"a":{"constructor":{"prototype":{}}}}', 'forbidden_key'],
    ['{"\\u005f_proto__":1}', 'forbidden_key'],
    ['{"a":1,"a":2}', 'duplicate_key'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['{"a":"\\u0000"}', 'unusable_text'],
    ['{"a":"\\ud800"}', 'unusable_text'],
    ['{"a":1e3}', 'inexact_number'],
    ['{"a":9007199254740993}', 'inexact_number'],
    ['['.repeat(21) + ']'.repeat(21), 'too_deep'],
    [`[${'0,'.repeat(1000)}0]`, 'too_many_items'],
  ])('refuses the body %.30s as %s', async (body, code) => {
    const answer = await post(withRoutes().app, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ code }] });
  });

  it.each([
    ['{"a":1,}', 'The body is not valid JSON at line 1, column 8'],
    ['{\n"a":1,\n x}', 'The body is not valid JSON at line 3, column 2'],
    ['{"a":"b\nsecret"}', 'The body is not valid JSON at line 1, column 8'],
    ['{"a":', 'The body is not valid JSON: it ends too early'],
    ['{"a":secret}', 'The body is not valid JSON'],
    ['', 'The body is empty: expected an object with the arguments'],
  ])('says of %j where it breaks, as far as the parser knows, and quotes nothing', async (body, message) => {
    expect((await post(withRoutes().app, body)).json()).toMatchObject({ detail: `${message}.`, errors: [{ message }] });
  });

  it('refuses a packed body', async () => {
    const answer = await post(withRoutes().app, '{}', { 'content-encoding': 'gzip' });
    expect(answer.json()).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('refuses bytes that are no UTF-8', async () => {
    const answer = await withRoutes().app.inject({
      method: 'POST',
      url: '/v1/commands/x',
      headers: { 'content-type': 'application/json', host: 'localhost' },
      payload: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(answer.json()).toMatchObject({ errors: [{ code: 'invalid_json' }] });
  });

  it('takes 20 levels, 1 000 items, a key in two objects', async () => {
    const { app } = withRoutes();
    for (const body of [
      '['.repeat(20) + ']'.repeat(20),
      `[${'0,'.repeat(999)}0]`,
      '[{"a":{"a":1}},{"a":"__proto__"}]',
      '{"a":-0.000000000000012345}',
      '"a string with , [ { : \\" inside"',
    ]) {
      expect((await post(app, body)).statusCode).toBe(200);
    }
  });

  it('takes 256 KiB for a command and 1 MiB for a batch, and answers 413 above', async () => {
    const { app } = withRoutes();
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    const batch = (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/commands',
        payload,
        headers: { 'content-type': 'application/json', host: 'localhost' },
      });
    expect((await post(app, text(256 * 1024))).statusCode).toBe(200);
    expect((await post(app, text(256 * 1024 + 1))).json()).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    expect((await batch(text(1024 * 1024))).statusCode).toBe(200);
    expect((await post(app, text(256 * 1024 + 1))).json()).toMatchObject({ detail: expect.stringContaining('256 KiB') as string });
    expect((await batch(text(1024 * 1024 + 1))).json()).toMatchObject({
      status: 413,
      detail: 'The body is larger than the 1 MiB this address takes.',
    });
  });
});

describe('a refusal that Nest has put into its own error', () => {
  it('names the limit all the same', async () => {
    const { app } = edgeApp();
    app.post('/v1/commands/createFamily', () => {
      throw Object.assign(new Error('Request body is too large'), { getStatus: () => 413 });
    });
    expect((await post(app, '{}')).json()).toMatchObject({ detail: 'The body is larger than the 256 KiB this address takes.' });
  });
});

describe('who may ask', () => {
  it.each([
    ['localhost:3000', 200],
    ['127.0.0.1', 200],
    ['127.9.9.9:1', 200],
    ['[::1]:3000', 200],
    ['app.localhost', 200],
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['127.0.0.256', 421],
    ['localhost@evil.example', 421],
  ])('on loopback serves the host "%s" → %i', async (host, status) => {
    const answer = await get(withRoutes().app, '/v1/queries/x', { host });
    expect(answer.statusCode).toBe(status);
    if (status === 421) expect(answer.json()).toMatchObject({ code: 'MISDIRECTED_REQUEST' });
  });

  it('serves the host of PUBLIC_URL on loopback, and any host elsewhere', async () => {
    const behindProxy = withRoutes({ publicUrl: () => 'https://budget.example' });
    expect((await get(behindProxy.app, '/v1/queries/x', { host: 'budget.example' })).statusCode).toBe(200);
    const open = withRoutes({ host: '0.0.0.0' });
    expect((await get(open.app, '/v1/queries/x', { host: 'nas.lan:3000' })).statusCode).toBe(200);
  });

  it.each([
    ['http://localhost:3000', true],
    ['https://app.example', true],
    ['https://app.example:8443', false],
    ['http://app.example', false],
    ['https://app.example.evil.example', false],
    ['http://localhost:5173', false],
    ['null', false],
    ['*', false],
  ])('lets pages of %s in: %s', async (origin, isAllowed) => {
    const { app } = withRoutes({ corsOrigins: ['https://app.example'] });
    const read = await get(app, '/v1/queries/x', { origin });
    expect(read.headers['access-control-allow-origin']).toBe(isAllowed ? origin : undefined);
    expect(read.headers['vary']).toContain('Origin');
    const write = await post(app, '{}', { origin });
    expect(write.statusCode).toBe(isAllowed ? 200 : 403);
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/v1/commands/createFamily',
      headers: { host: 'localhost:3000', origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(isAllowed ? 204 : 403);
    expect(preflight.headers['access-control-allow-methods']).toBe(isAllowed ? 'GET, HEAD, POST' : undefined);
  });

  it('lets a page on the list read a refusal', async () => {
    const { app } = withRoutes({ corsOrigins: ['https://app.example'] });
    const answer = await get(app, '/nowhere', { origin: 'https://app.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
  });

  it('lets in the pages it served itself, under whatever name they asked for', async () => {
    const { app } = withRoutes({ host: '0.0.0.0' });
    expect((await post(app, '{}', { host: 'nas.lan:3000', origin: 'http://nas.lan:3000' })).statusCode).toBe(200);
    expect((await post(app, '{}', { host: 'nas.lan:3000', origin: 'http://nas.lan:3001' })).statusCode).toBe(403);
  });

  it('lets other pages of this machine in only where told so', async () => {
    const { app } = withRoutes({ allowLoopbackOrigins: true });
    expect((await post(app, '{}', { origin: 'http://localhost:5173' })).statusCode).toBe(200);
    expect((await post(app, '{}', { origin: 'http://evil.example' })).statusCode).toBe(403);
  });
});

describe('headers', () => {
  it('sets the security headers on answers and on refusals, HSTS only with TLS', async () => {
    const plain = withRoutes().app;
    for (const url of ['/v1/queries/x', '/nowhere']) {
      const { headers } = await get(plain, url);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'; frame-ancestors 'none'") as string,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
    }
    const tls = await get(withRoutes({ isTls: true }).app, '/v1/queries/x');
    expect(tls.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('leaves Cache-Control to a handler that sets it', async () => {
    const { app } = edgeApp();
    app.get('/x', (_request, reply) => reply.header('cache-control', 'private, no-cache').send({}));
    expect((await get(app, '/x')).headers['cache-control']).toBe('private, no-cache');
  });

  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  it.each([
    [`00-${traceId}-00f067aa0ba902b7-01`, true],
    [`cc-${traceId}-00f067aa0ba902b7-01-what-the-future-brings`, true],
    [`00-${traceId}-00f067aa0ba902b7-01-more`, false],
    [`ff-${traceId}-00f067aa0ba902b7-01`, false],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
    [`00-${traceId}-${'0'.repeat(16)}-01`, false],
    [`00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`, false],
    ['', false],
  ])('continues the trace %s: %s', async (traceparent, continues) => {
    const answer = await get(withRoutes().app, '/v1/queries/x', { traceparent });
    const id = answer.headers['daybook-trace-id'];
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id === traceId).toBe(continues);
  });

  it('believes X-Forwarded-For only of the proxies it was told of', async () => {
    const ipSeen = async (trustProxy: boolean | number | string) => {
      const { app } = edgeApp({ trustProxy });
      app.get('/ip', (request) => request.ip);
      return (await get(app, '/ip', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' })).body;
    };
    expect(await ipSeen(false)).toBe('127.0.0.1');
    expect(await ipSeen(1)).toBe('203.0.113.9');
    expect(await ipSeen('127.0.0.1')).toBe('203.0.113.9');
    expect(await ipSeen('10.0.0.0/8')).toBe('127.0.0.1');
  });
});

describe('limits of the socket', () => {
  it('hold with TLS as without', () => {
    const { options } = edgeApp();
    const tls = { cert: Buffer.from('cert'), key: Buffer.from('key') };
    const { http } = edgeServerOptions(options);
    expect(http).toMatchObject({ maxHeaderSize: 16_384, headersTimeout: 5_000, requestTimeout: 10_000 });
    expect(edgeServerOptions({ ...options, tls })).toMatchObject({ https: { ...http, ...tls } });
  });
});

describe('draining', () => {
  function slowRoute(made: EdgeApp): { finish: () => void; entered: Promise<void> } {
    let finish = (): void => undefined;
    let enter = (): void => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const entered = new Promise<void>((resolve) => (enter = resolve));
    made.app.get('/v1/queries/slow', async () => {
      enter();
      await gate;
      return { data: {} };
    });
    return { finish, entered };
  }

  it('refuses new requests, answers probes, and is done when the last request is', async () => {
    const made = withRoutes();
    const { finish, entered } = slowRoute(made);
    const running = get(made.app, '/v1/queries/slow');
    await entered;
    expect(made.edge.inFlight()).toBe(1);
    const drained = made.edge.drain(10_000);
    const refused = await get(made.app, '/v1/queries/x');
    expect(refused.json()).toMatchObject({ status: 503, code: 'SHUTTING_DOWN' });
    expect([refused.headers['connection'], refused.headers['retry-after']]).toEqual(['close', '2']);
    expect((await get(made.app, '/health/live')).statusCode).toBe(200);
    finish();
    expect((await running).headers['connection']).toBe('close');
    expect(await drained).toEqual({ finished: true, abandoned: 0 });
  });

  it('gives up on a request that does not end in time', async () => {
    const made = withRoutes();
    const { finish, entered } = slowRoute(made);
    const running = get(made.app, '/v1/queries/slow');
    await entered;
    const drained = made.edge.drain(10_000);
    await made.time.advance(10_000);
    expect(await drained).toEqual({ finished: false, abandoned: 1 });
    finish();
    await running;
  });

  it('is done at once when nothing runs, also after refusals and preflights', async () => {
    const made = withRoutes({ corsOrigins: ['https://app.example'] });
    await get(made.app, '/nowhere');
    await post(made.app, '{');
    await post(made.app, '{}', { host: 'evil.example' });
    await made.app.inject({
      method: 'OPTIONS',
      url: '/v1/commands/x',
      headers: { host: 'localhost', origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    await made.time.settle();
    expect(made.edge.inFlight()).toBe(0);
    expect(await made.edge.drain(1)).toEqual({ finished: true, abandoned: 0 });
  });
});
