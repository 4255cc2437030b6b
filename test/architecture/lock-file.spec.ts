import * as fs from 'node:fs';
import * as path from 'node:path';
import { completed, faultsOf, type LockFile } from '../../bin/lock-complete.cjs';
import { PROJECT_ROOT } from './imports.js';

const lockOf = (packages: LockFile['packages']): LockFile => ({ lockfileVersion: 3, packages });

describe('the lock file', () => {
  it('names a package for every platform, and no address', () => {
    const text = fs.readFileSync(path.join(PROJECT_ROOT, 'package-lock.json'), 'utf8');
    expect(faultsOf(JSON.parse(text) as LockFile)).toEqual([]);
  });

  it('locks exact versions of what the project asks for itself', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    const asked = { ...manifest['dependencies'], ...manifest['devDependencies'] };
    expect(Object.entries(asked).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

describe('completing a lock file', () => {
  const incomplete = lockOf({
    '': { optionalDependencies: {} },
    'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-darwin-arm64': '1.0.0', '@a/b-linux-x64-musl': '1.0.0' } },
    'node_modules/c/node_modules/d': { version: '1.0.0', optionalDependencies: { 'e-win32-x64': '2.0.0' } },
    'node_modules/c/node_modules/e-win32-x64': { version: '2.0.0', resolved: 'somewhere' },
  });

  it('reports what is missing and what names an address', () => {
    expect(faultsOf(incomplete)).toEqual([
      'node_modules/a wants a-darwin-arm64@1.0.0, which is not in the lock file',
      'node_modules/a wants @a/b-linux-x64-musl@1.0.0, which is not in the lock file',
      'node_modules/c/node_modules/e-win32-x64 names where it was downloaded from',
    ]);
  });

  it('adds each missing package with its platform, and leaves nothing to report', () => {
    const complete = completed(incomplete);
    expect(complete.packages['node_modules/a-darwin-arm64']).toEqual({ version: '1.0.0', cpu: ['arm64'], optional: true, os: ['darwin'] });
    expect(complete.packages['node_modules/@a/b-linux-x64-musl']).toMatchObject({ cpu: ['x64'], libc: ['musl'], os: ['linux'] });
    expect(faultsOf(complete)).toEqual([]);
  });

  it('refuses to guess a platform', () => {
    const strange = lockOf({ 'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-amiga': '1.0.0' } } });
    expect(() => completed(strange)).toThrow('neither a platform nor an exact version');
  });
});
