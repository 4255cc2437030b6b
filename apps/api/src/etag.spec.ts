import { etagOf, hasAlready } from './etag.js';

const answer = { data: { name: 'Home' }, position: '00000000-0000000000000001' };
const etag = etagOf('ada', answer);

describe('the tag of an answer', () => {
  it('is weak, and the same at a later position', () => {
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(etagOf('ada', { ...answer, position: '00000000-0000000000000002' })).toBe(etag);
  });

  it('is another one for another caller, other data, another next page, and while read models stand still', () => {
    const others = [
      etagOf('bob', answer),
      etagOf('ada', { ...answer, data: { name: 'Cottage' } }),
      etagOf('ada', { ...answer, nextCursor: null }),
      etagOf('ada', { ...answer, nextCursor: 'abc' }),
      etagOf('ada', { ...answer, stale: { since: 'now', reason: 'parked' } }),
    ];
    expect(new Set([etag, ...others]).size).toBe(others.length + 1);
  });

  it.each([
    [etag, true],
    [etag.slice(2), true],
    [`"other", ${etag}`, true],
    ['*', true],
    ['"other"', false],
    ['', false],
    [undefined, false],
  ])('is known to a client that sends %p: %p', (ifNoneMatch, isKnown) => {
    expect(hasAlready(ifNoneMatch, etag)).toBe(isKnown);
  });
});
