import * as fs from 'node:fs';
import * as path from 'node:path';
import { importsOf, PROJECT_ROOT, projectSources } from './imports.js';

const read = (file: string) => fs.readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** Package names in the first column of the page's tables, by section. */
function explained(section: string): string[] {
  const text = read('docs/dependencies.md').split(/^## /m).find((part) => part.startsWith(section)) ?? '';
  const cells = text.split('\n').flatMap((line) => /^\| (`[^|]+`) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')).sort();
}

/** `@scope/name/deep/path` belongs to `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

describe('dependencies', () => {
  it('needed to run are each explained in docs/dependencies.md', () => {
    expect(explained('To run')).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('needed to develop are each explained in docs/dependencies.md', () => {
    expect(explained('To develop')).toEqual(Object.keys(manifest.devDependencies).sort());
  });

  it('of the program are installed where nothing for development is', () => {
    const ours = projectSources().filter(({ file }) => /^(apps|libs)\//.test(file) && !/\.(spec|contract)\.ts$/.test(file));
    const foreign = ours
      .flatMap(importsOf)
      .filter(({ specifier, target, typeOnly }) => target === null && !typeOnly && !specifier.startsWith('node:'));
    const undeclared = foreign.filter(({ specifier }) => !(packageOf(specifier) in manifest.dependencies));
    expect(undeclared.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`)).toEqual([]);
  });
});
