import fc from 'fast-check';
import { EventIndex } from './event-index.js';
import { OrdinalLists } from './ordinal-lists.js';
import { RecentIds } from './recent-ids.js';

describe('the lists of ordinals', () => {
  it('hold what was pushed, however the lists grow between each other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 400 }), (wanted) => {
        const lists = new OrdinalLists();
        const expected: number[][] = [];
        for (const [ordinal, list] of wanted.entries()) {
          const known = Math.min(list, expected.length);
          (expected[known] ??= []).push(ordinal);
          lists.push(known, ordinal);
        }
        for (const [list, ordinals] of expected.entries()) {
          expect(Array.from({ length: lists.count(list) }, (_, at) => lists.at(list, at))).toEqual(ordinals);
        }
      }),
    );
  });
});

describe('the index of events', () => {
  it('shows readers an event only when it is committed', () => {
    const index = new EventIndex();
    index.add('a', 'T', 64);
    index.commit();
    index.add('a', 'T', 128);
    index.add('b', 'T', 200);
    const [a, b] = [index.streams.find('a') as number, index.streams.find('b') as number];
    expect([index.countIn(a), index.committedCountIn(a), index.committedCountIn(b)]).toEqual([2, 1, 0]);
    expect([index.count, index.committedCount]).toEqual([3, 1]);
    index.commit();
    expect([index.committedCountIn(a), index.committedCountIn(b)]).toEqual([2, 1]);
  });

  it('finds the first event at or above any position', () => {
    const index = new EventIndex();
    const positions = [64, 128, 400, 401];
    for (const position of positions) index.add('a', 'T', position);
    expect([0, 64, 65, 128, 401, 402].map((position) => index.firstAtOrAfter(position))).toEqual([0, 0, 1, 1, 3, 4]);
  });
});

describe('the recent ids', () => {
  it('forget the oldest first, and remember one again when it is written again', () => {
    const ids = new RecentIds(2);
    ids.remember('a', 1);
    ids.remember('b', 2);
    ids.remember('a', 3);
    ids.remember('c', 4);
    expect(['a', 'b', 'c'].map((id) => ids.ordinalOf(id))).toEqual([3, undefined, 4]);
  });
});
