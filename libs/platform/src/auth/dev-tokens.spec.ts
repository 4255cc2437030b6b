import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../system/index.js';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { macToken } from '../../../../test/support/token-forge.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { createAuthenticator } from './authenticator.js';
import { createDevAuthenticator, type DevAuthOptions } from './dev-tokens.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'daybook-dev-'));
});
afterEach(() => rm(dir, { recursive: true }));

function options(overrides: Partial<DevAuthOptions> = {}): DevAuthOptions {
  return {
    keyFile: join(dir, 'auth', 'dev-token-key'),
    host: '127.0.0.1',
    isProduction: false,
    clock: new VirtualTime(),
    random: systemRandom,
    log: new CapturedLog(),
    ...overrides,
  };
}

const UNAUTHENTICATED = { code: 'UNAUTHENTICATED', detail: 'This needs a valid access token.', data: {} };

describe('dev tokens', () => {
  it('speak for the user they were issued to, with name, e-mail and roles', async () => {
    const { authenticator } = await createAuthenticator({ mode: 'dev', dev: options() });
    if (!('issueDevToken' in authenticator)) throw new Error('dev mode issues tokens');
    const issued = await authenticator.issueDevToken({
      userId: 'ana',
      name: 'Ana',
      email: 'ana@example.com',
      roles: ['operator', 'nonsense'],
    });
    expect(issued).toMatchObject({ userId: 'ana', expiresAt: '2026-04-01T08:00:00.000Z' });
    expect(await authenticator.authenticate(`Bearer ${issued.token}`)).toEqual({
      userId: 'ana',
      name: 'Ana',
      email: 'ana@example.com',
      roles: ['operator'],
      tokenExpiresAt: Date.parse('2026-04-01T08:00:00Z'),
      authMode: 'dev',
    });
  });

  it('expire after eight hours and a minute of skew', async () => {
    const clock = new VirtualTime();
    const dev = await createDevAuthenticator(options({ clock }));
    const { token } = await dev.issueDevToken({ userId: 'ana' });
    await clock.advance(8 * 3_600_000 + 59_000);
    expect((await dev.authenticateToken(token)).userId).toBe('ana');
    await clock.advance(2_000);
    await expect(dev.authenticateToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('outlive a restart and die with the data dir', async () => {
    const { token } = await (await createDevAuthenticator(options())).issueDevToken({ userId: 'ana' });
    expect((await (await createDevAuthenticator(options())).authenticateToken(token)).userId).toBe('ana');
    const elsewhere = await createDevAuthenticator(options({ keyFile: join(dir, 'other', 'key') }));
    await expect(elsewhere.authenticateToken(token)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('are signed with one key that only the owner can read, also when two processes start at once', async () => {
    const [one, two] = await Promise.all([createDevAuthenticator(options()), createDevAuthenticator(options())]);
    const { token } = await one.issueDevToken({ userId: 'ana' });
    expect((await two.authenticateToken(token)).userId).toBe('ana');
    expect(await readdir(join(dir, 'auth'))).toEqual(['dev-token-key']);
    expect((await stat(options().keyFile)).mode & 0o777).toBe(0o600);
  });

  it('are refused when the right key signed something else with it', async () => {
    const dev = await createDevAuthenticator(options());
    const key = Buffer.from(await readFile(options().keyFile, 'utf8'), 'base64url');
    const [header = '', body = ''] = (await dev.issueDevToken({ userId: 'ana' })).token.split('.');
    const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const sign = (headerMore: object, claimsMore: object, digest = 'sha256') =>
      dev.authenticateToken(macToken({ ...decoded(header), ...headerMore }, { ...decoded(body), ...claimsMore }, key, digest));
    expect((await sign({}, {})).userId).toBe('ana');
    for (const attempt of [
      () => sign({ typ: 'JWT' }, {}),
      () => sign({ typ: undefined }, {}),
      () => sign({ alg: 'HS512' }, {}, 'sha512'),
      () => sign({}, { iss: 'https://id.example' }),
      () => sign({}, { aud: 'other' }),
      () => sign({}, { exp: undefined }),
      () => sign({}, { sub: undefined }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(UNAUTHENTICATED);
    }
  });

  it('take a key file that others can read away from them', async () => {
    await createDevAuthenticator(options());
    await chmod(options().keyFile, 0o644);
    await createDevAuthenticator(options());
    expect((await stat(options().keyFile)).mode & 0o777).toBe(0o600);
  });

  it('are not made from a key file that holds something else', async () => {
    await writeFile(join(dir, 'key'), 'short');
    await expect(createDevAuthenticator(options({ keyFile: join(dir, 'key') }))).rejects.toThrow('delete it');
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer a.b.c', 'a.b.c'])(
    'refuse the header %p in one shape',
    async (header) => {
      const dev = await createDevAuthenticator(options());
      await expect(dev.authenticate(header)).rejects.toMatchObject(UNAUTHENTICATED);
    },
  );

  it.each([
    [{ userId: '' }, '/userId'],
    [{ userId: 'a b' }, '/userId'],
    [{ userId: 'x'.repeat(129) }, '/userId'],
    [{ userId: 'ana', expiresIn: 0 }, '/expiresIn'],
    [{ userId: 'ana', expiresIn: 1.5 }, '/expiresIn'],
    [{ userId: 'ana', expiresIn: 31 * 24 * 3600 }, '/expiresIn'],
  ])('are not issued for %p', async (request, pointer) => {
    const dev = await createDevAuthenticator(options());
    await expect(dev.issueDevToken(request)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { errors: [{ pointer }] },
    });
  });

  it.each([{ isProduction: true }, { host: '0.0.0.0' }, { host: 'budget.example' }, { host: '::' }])(
    'do not exist with %p',
    async (where) => {
      await expect(createDevAuthenticator(options(where))).rejects.toThrow('AUTH_MODE=dev is refused');
      await expect(createAuthenticator({ mode: 'dev', dev: options(where) })).rejects.toThrow('AUTH_MODE=oidc');
    },
  );
});
