import { errorReference } from '@daybook/platform';
import { contracts } from './api-description.js';
import { docsPage } from './docs-page.js';
import { errorsPage } from './errors-page.js';
import { richText } from './page.js';

const docs = docsPage(contracts, 'http://localhost:3000');
const errors = errorsPage(errorReference());
const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
const anchorsIn = (html: string, path: string) => [...html.matchAll(/href="([^"#]*)#([^"]+)"/g)].filter(([, to]) => to === path);

describe('the page about commands and queries', () => {
  it('shows the type of every argument, also of those that are required', () => {
    expect(docs).toContain('<th>argument</th><th>type</th><th>meaning</th>');
    expect(docs).toContain('<td><code>name</code></td><td>string of 1 to 80 characters, required</td>');
    expect(docs).toContain('<td><code>currency</code></td><td>string, default &quot;USD&quot;</td>');
    expect(docs).toContain('<td><code>familyId</code></td><td>uuid, required</td>');
  });

  it('says once what messages have in common', () => {
    for (const word of ['Idempotency-Key', 'Prefer: wait=2', 'minPosition']) {
      expect(docs.split(`<td><code>${word}</code></td>`)).toHaveLength(2);
    }
    expect(docs.split('STORE_UNAVAILABLE')).toHaveLength(1);
  });

  it('links only to codes and lists that the page about errors has', () => {
    const ids = idsOf(errors);
    const anchors = anchorsIn(docs, '/docs/errors').map(([, , anchor]) => anchor);
    expect(anchors).toEqual(expect.arrayContaining(['FAMILY_EXISTS', 'every-command', 'every-query']));
    expect(anchors.filter((anchor) => !ids.includes(anchor))).toEqual([]);
  });
});

describe('the page about errors', () => {
  it('has every code once, and an anchor for each link to itself', () => {
    const ids = idsOf(errors);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(errorReference().map(({ code }) => code)));
    expect(anchorsIn(errors, '').filter(([, , anchor]) => !ids.includes(anchor))).toEqual([]);
  });

  it('marks what is worth sending again', () => {
    const marked = errors.split('<h3 id="').filter((part) => part.includes('↻</span></span>')).map((part) => part.split('"')[0]);
    expect(marked.sort()).toEqual(
      errorReference()
        .filter(({ isRetryable }) => isRetryable)
        .map(({ code }) => code)
        .sort(),
    );
  });
});

describe('advice', () => {
  it('shows what stands in backticks as code, and nothing as markup', () => {
    expect(richText('Use `<b>` & go')).toBe('Use <code>&lt;b&gt;</code> &amp; go');
  });
});
