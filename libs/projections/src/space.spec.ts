import { allBuckets, bucketOf, BUCKET_COUNT, parseSpaceKey, spaceKey } from './space.js';

describe('a bucket of a space', () => {
  it.each([
    ['family:00000000-0000-4000-8000-000000000001', 54],
    ['family:00000000-0000-4000-8000-000000000002', 8],
    ['user:ada', 9],
    ['system:', 54],
  ])('never changes: %s is in %i, as stored rows are', (space, bucket) => {
    expect(bucketOf(space)).toBe(bucket);
  });

  it('spreads families whose ids are neighbours', () => {
    const counts = allBuckets().map(() => 0);
    for (let number = 0; number < 6_400; number += 1) {
      const bucket = bucketOf(`family:00000000-0000-4000-8000-${number.toString().padStart(12, '0')}`);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(counts).toHaveLength(BUCKET_COUNT);
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(150);
  });
});

describe('the key of a space', () => {
  it('names it again', () => {
    const space = { kind: 'user', id: 'with:colon' } as const;
    expect(parseSpaceKey(spaceKey(space))).toEqual(space);
  });

  it('is refused when it names no kind of space', () => {
    expect(() => parseSpaceKey('planet:earth')).toThrow('planet:earth does not name a space');
  });
});
