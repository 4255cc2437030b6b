import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PROJECT_ROOT } from './imports.js';

/** What must not be in the repository, each with why. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /(?<![\w.$}-])\/(home|Users|work|workspace|root)\/[\w.-]+/, why: 'a path of somebody\'s machine' },
  { pattern: /[A-Z]:\\Users\\/, why: 'a path of somebody\'s machine' },
  { pattern: /https?:\/\/[\w.-]*\b(registry|artifactory|verdaccio|nexus)\b/i, why: 'the address of a package registry' },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{20}/, why: 'a private key' },
  { pattern: /^(<{7}|>{7}) /m, why: 'an unresolved merge' },
];

function findings(file: string, text: string): string[] {
  return FORBIDDEN.flatMap(({ pattern, why }) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const line = text.slice(0, found.index).split('\n').length;
    return [`${file}:${line} has ${why}`];
  });
}

describe('the files of the repository', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '' && fs.existsSync(path.join(PROJECT_ROOT, file)));

  it('name no machine, no registry and no key', () => {
    const read = (file: string) => fs.readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => findings(file, read(file)))).toEqual([]);
  });

  it.each([
    ['see ' + '/ho' + 'me/mia/daybook', 'a path of somebody\'s machine'],
    ['at C' + ':\\Users\\mia', 'a path of somebody\'s machine'],
    ['https://regis' + 'try.example.org/x', 'the address of a package registry'],
    ['-----BEGIN ' + 'PRIVATE KEY-----\n' + 'A'.repeat(64), 'a private key'],
  ])('would be reported: %s', (text, why) => {
    expect(findings('docs/x.md', `first line\n${text}`)).toEqual([`docs/x.md:2 has ${why}`]);
  });
});
