import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PROJECT_ROOT } from './imports.js';

const at = (file: string) => path.join(PROJECT_ROOT, file);
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: PROJECT_ROOT,
  encoding: 'utf8',
});
const pages = listed
  .split('\0')
  .filter((file) => file !== '' && fs.existsSync(at(file)))
  .map((file) => ({ file, text: fs.readFileSync(at(file), 'utf8') }));

/** Lines of a page that match, with what matched first in brackets. */
function found(pattern: RegExp): { readonly place: string; readonly file: string; readonly what: string }[] {
  return pages.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) =>
      [...line.matchAll(pattern)].map((match) => ({ place: `${file}:${index + 1}`, file, what: match[1] ?? '' })),
    ),
  );
}

describe('the pages', () => {
  it('link only to files that exist', () => {
    const links = found(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g);
    const broken = links.filter(({ file, what }) => !fs.existsSync(path.join(PROJECT_ROOT, path.dirname(file), what)));
    expect(broken.map(({ place, what }) => `${place} links to ${what}`)).toEqual([]);
  });

  it('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(fs.readFileSync(at('package.json'), 'utf8')) as { scripts: Record<string, string> };
    const unknown = found(/npm run (?:--silent )?([\w:-]+)/g).filter(({ what }) => !(what in scripts));
    expect(unknown.map(({ place, what }) => `${place} names npm run ${what}`)).toEqual([]);
  });

  it('name only decisions that are recorded', () => {
    const numbers = fs.readdirSync(at('docs/adr')).map((file) => file.slice(0, 4));
    const unknown = found(/\bADR (\d{4})\b/g).filter(({ what }) => !numbers.includes(what));
    expect(unknown.map(({ place, what }) => `${place} names ADR ${what}`)).toEqual([]);
  });
});

describe('the recorded decisions', () => {
  const decisions = pages.filter(({ file }) => /^docs\/adr\/\d/.test(file));

  it('have a number each', () => {
    const numbers = decisions.map(({ file }) => path.basename(file).slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it.each(decisions.map(({ file, text }) => [file, text] as const))('%s has context, decision, reason and consequences', (_, text) => {
    for (const part of ['Context', 'Decision', 'Why', 'Consequences']) expect(text).toMatch(new RegExp(`(\\*\\*${part}[.:]?\\*\\*|^#+ ${part})`, 'im'));
    expect(text.split('\n').length).toBeLessThan(45);
  });
});
