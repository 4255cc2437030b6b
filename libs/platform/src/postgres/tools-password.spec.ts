import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemRandom } from '../system/system-random.js';
import { toolsPassword } from './tools-password.js';

it('makes a password for tools once, where only the owner can read it', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'daybook-password-'));
  const password = await toolsPassword(directory, systemRandom);
  expect(password).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(await toolsPassword(directory, systemRandom)).toBe(password);
  expect((await stat(path.join(directory, 'postgres.password'))).mode & 0o777).toBe(0o600);
  await rm(directory, { recursive: true });
});
