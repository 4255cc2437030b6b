import { LruCache } from './lru-cache.js';

describe('the cache of documents', () => {
  it('lets go of what was used longest ago once it is over its bytes', () => {
    const cache = new LruCache<string>(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 40);
    cache.get('a');
    cache.shrink();
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c']);
    expect(cache.bytesHeld).toBe(80);
  });

  it('counts a value that was replaced once', () => {
    const cache = new LruCache<string>(100);
    cache.set('a', 'small', 10);
    cache.set('a', 'large', 90);
    expect(cache.bytesHeld).toBe(90);
    cache.delete('a');
    expect(cache.bytesHeld).toBe(0);
  });

  it('tells a document that is known to be absent from one that is not known', () => {
    const cache = new LruCache<string | null>(100);
    cache.set('a', null, 1);
    expect([cache.get('a'), cache.get('b')]).toEqual([null, undefined]);
  });
});
