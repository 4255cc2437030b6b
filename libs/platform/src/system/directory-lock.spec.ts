import { mkdtemp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DirectoryLockedError, lockDirectory } from './directory-lock.js';
import { openShortPath } from './short-path.js';

describe('lockDirectory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'daybook-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** As a process leaves it that was killed: links that point to sockets nobody listens on. */
  async function leaveDeadChain(...names: readonly string[]): Promise<void> {
    await mkdir(path.join(directory, 'lock'));
    let link = 'holder';
    for (const name of names) {
      await symlink(name, path.join(directory, 'lock', link));
      link = `${name}.next`;
    }
  }

  it('gives a directory to one and refuses it to the next, saying who has it and what to do', async () => {
    const lock = await lockDirectory(directory);
    const refusal = await lockDirectory(directory).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DirectoryLockedError);
    expect(refusal).toMatchObject({
      message: `The data directory ${directory} is in use by another Daybook (process ${process.pid}).`,
      hint: expect.stringContaining('DAYBOOK_DATA_DIR'),
    });
    await lock.release();
  });

  it('is free again after release and leaves nothing behind', async () => {
    const lock = await lockDirectory(directory);
    await lock.release();
    await lock.release();
    await (await lockDirectory(directory)).release();
    expect(await readdir(path.join(directory, 'lock'))).toEqual([]);
  });

  it('follows holders that died, however many, and cuts their chain', async () => {
    await leaveDeadChain('a', 'b', 'c');
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toBeInstanceOf(DirectoryLockedError);
    expect(await readdir(path.join(directory, 'lock'))).toHaveLength(2);
    await lock.release();
    expect(await readdir(path.join(directory, 'lock'))).toEqual([]);
  });

  it('lets exactly one of many in who find the same holder dead', async () => {
    await leaveDeadChain('a');
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    const winners = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(winners).toHaveLength(1);
    await winners[0]?.release();
  });

  it('takes a holder that listens but never greets for alive', async () => {
    await leaveDeadChain('silent');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(path.join(directory, 'lock', 'silent.sock'), resolve));
    const refusal = await lockDirectory(directory).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: `The data directory ${directory} is in use by another Daybook.` });
    await new Promise((resolve) => silent.close(resolve));
  });

  it('works in a directory too deep for a socket', async () => {
    const deep = path.join(directory, 'd'.repeat(80), 'e'.repeat(80));
    await mkdir(deep, { recursive: true });
    const lock = await lockDirectory(deep);
    await expect(lockDirectory(deep)).rejects.toBeInstanceOf(DirectoryLockedError);
    await lock.release();
  });

  it('reaches a deep directory without /proc through a link that goes away again', async () => {
    const deep = path.join(directory, 'd'.repeat(120));
    await mkdir(deep);
    const short = await openShortPath(deep, false);
    expect(short.join('0123456789abcdef.sock').length).toBeLessThanOrEqual(103);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(short.join('x.sock'), resolve));
    expect(await readdir(deep)).toEqual(['x.sock']);
    await new Promise((resolve) => server.close(resolve));
    await short.close();
    await expect(readdir(path.dirname(short.join('x')))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
