import { foldInMemory, UnknownEventError } from './fold-in-memory.js';
import { toyGroup } from '../../../test/support/projections/toy-group.js';
import { shelvesGroup, shelvesIn } from '../../../test/support/projections/many-keys.js';
import { toyLog } from '../../../test/support/projections/toy-log.js';
import { DOCUMENT_BYTES_MAX } from './fold.js';
import type { ProjectionGroup } from './projection.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const ITEM = '10000000-0000-4000-8000-000000000001';

describe('a fold of a group', () => {
  it('gives every event of a space one feed row, also when no row changed', async () => {
    const folded = foldInMemory(toyGroup, await toyLog().put(A, ITEM, 'food', 5).noted(A).events());
    expect(folded.feed.map(({ v, commandId, ops }) => [v, commandId, ops === '[]'])).toEqual([
      [1, 'command-1', false],
      [2, 'command-2', true],
    ]);
  });

  it('counts the versions of each space on their own', async () => {
    const folded = foldInMemory(toyGroup, await toyLog().noted(A).noted(B).noted(A).events());
    expect(folded.feed.map(({ space, v }) => [space.at(-1), v])).toEqual([['a', 1], ['b', 1], ['a', 2]]);
  });

  it('carries in the feed what it writes and what it removes', async () => {
    const folded = foldInMemory(toyGroup, await toyLog().put(A, ITEM, 'food', 5).put(A, ITEM, 'toys', 7).events());
    const ops: unknown = JSON.parse(folded.feed[1]?.ops ?? '');
    expect(ops).toEqual([
      { m: 'toy_sums', k: ['toys'], o: 'put', r: { category: 'toys', amount: 7 } },
      { m: 'toy_sums', k: ['food'], o: 'del' },
      expect.objectContaining({ m: 'toy_items', k: [ITEM], o: 'put' }),
      expect.objectContaining({ m: 'toy_journal', k: [2], o: 'put' }),
    ]);
  });

  it('brings an old event to its current version before any projection sees it', async () => {
    const folded = foldInMemory(toyGroup, await toyLog().putV1(A, ITEM, 'food', 5).events());
    expect(folded.audit[0]).toMatchObject({ type: 'ItemPutV1', data: expect.not.stringContaining('note') });
    expect(folded.rows.size).toBe(3);
  });

  it('never lets recorded time go back, and skips a time it cannot read', async () => {
    const log = toyLog().at('2026-04-02T00:00:00.000Z').noted(A).at('2026-04-01T00:00:00.000Z').noted(A).at('soon').noted(A);
    const folded = foldInMemory(toyGroup, await log.events());
    expect(folded.audit.map(({ seq, recordedAt }) => [seq, recordedAt])).toEqual([
      [1, '2026-04-02T00:00:00.000Z'],
      [2, '2026-04-02T00:00:00.000Z'],
      [3, '2026-04-02T00:00:00.000Z'],
    ]);
  });

  it('refuses an event type nobody listed', async () => {
    const events = await toyLog().noted(A).append(A, 'Surprise', {}).events();
    expect(() => foldInMemory(toyGroup, events)).toThrow(UnknownEventError);
  });
});

describe('an event that names several documents of one projection', () => {
  const fold = async (log: ReturnType<typeof toyLog>) => foldInMemory(shelvesGroup, await log.events());

  it('changes each of them by itself, in the order it names them', async () => {
    const folded = await fold(toyLog().put(A, ITEM, 'food', 5).put(A, ITEM, 'food', 5, 'window'));
    expect(shelvesIn(folded.feed[1]?.ops)).toEqual([
      { shelf: 'window', puts: 1, last: `window/${ITEM}` },
      { shelf: 'food', puts: 2, last: `food/${ITEM}` },
    ]);
  });

  it('changes one it names twice once', async () => {
    const folded = await fold(toyLog().put(A, ITEM, 'food', 5));
    expect(shelvesIn(folded.feed[0]?.ops)).toEqual([{ shelf: 'food', puts: 1, last: `food/${ITEM}` }]);
  });

  it('changes nothing when it names none', async () => {
    const folded = await fold(toyLog().put(A, ITEM, 'food', 5).emptied(A));
    expect(shelvesIn(folded.feed[1]?.ops)).toEqual([]);
    expect([...folded.documents.values()].filter(({ name }) => name === 'toy_shelves_v1')).toHaveLength(1);
  });

  it('parks its space when one of the names cannot be one', async () => {
    const alone = { ...shelvesGroup, projections: shelvesGroup.projections.slice(-1) };
    const folded = foldInMemory(alone, await toyLog().put(A, ITEM, 'food', 5, 'win\0dow').events());
    expect([...folded.parked.values()]).toMatchObject([{ reason: expect.stringMatching(/NUL/) }]);
  });
});

describe('a fold that throws', () => {
  it('parks its space for the whole group at that event and leaves nothing of it', async () => {
    const folded = foldInMemory(toyGroup, await toyLog().put(A, ITEM, 'food', 5).put(A, ITEM, 'toys', 7, 'poison').events());
    expect([...folded.parked.values()]).toMatchObject([
      { projection: 'toy_items', reason: 'this note is not for folding', attempts: 1, since: '2026-04-01T10:00:02.000Z' },
    ]);
    expect(folded.feed).toHaveLength(1);
    const rowsOfSums = [...folded.rows].find(([{ name }]) => name === 'toy_sums')?.[1];
    expect([...(rowsOfSums?.values() ?? [])].map(({ row }) => row)).toEqual([{ category: 'food', amount: 5 }]);
  });

  it('does not keep other spaces from going on, nor the audit log of its own', async () => {
    const log = toyLog().put(A, ITEM, 'food', 5, 'poison').noted(B).noted(A);
    const folded = foldInMemory(toyGroup, await log.events());
    expect(folded.audit).toHaveLength(3);
    expect(folded.feed.map(({ space }) => space)).toEqual([`family:${B}`]);
  });

  it.each([
    ['leaves a column out', { amount: 1 }],
    ['has a column nobody declared', { category: 'food', amount: 1, extra: 1 }],
    ['does not fit its type', { category: 'food', amount: 1.5 }],
    ['has text Postgres cannot hold', { category: 'fo\0od', amount: 1 }],
    ['has no key', { category: null, amount: 1 }],
    ['is not JSON', { category: 'food', amount: Number.NaN }],
  ])('counts a row that %s as thrown', async (_, row) => {
    const [projection, ...others] = toyGroup.projections;
    if (projection === undefined) throw new Error('the toy group is empty');
    const group: ProjectionGroup = {
      ...toyGroup,
      projections: [{ ...projection, rows: () => [{ op: 'put', row }] }, ...others],
    };
    const folded = foldInMemory(group, await toyLog().put(A, ITEM, 'food', 5).events());
    expect([...folded.parked.values()]).toMatchObject([{ projection: 'toy_sums', reason: expect.stringMatching(/toy_sums/) }]);
  });

  it('counts a document over its size as thrown, although a later event of the same batch would shrink it', async () => {
    const large = 'x'.repeat(DOCUMENT_BYTES_MAX);
    const folded = foldInMemory(toyGroup, await toyLog().put(A, ITEM, 'food', 5, large).put(A, ITEM, 'food', 5).events());
    expect([...folded.parked.values()]).toMatchObject([{ reason: expect.stringMatching(/65\d\d\d bytes, at most 65536/) }]);
  });

  it('counts a change made in place as thrown', async () => {
    const [projection, ...others] = toyGroup.projections;
    if (projection === undefined) throw new Error('the toy group is empty');
    const evolve: typeof projection.evolve = (document) => {
      const changed = (document ?? { items: {} }) as { items: { [item: string]: number } };
      changed.items['more'] = 1;
      return changed;
    };
    const group = { ...toyGroup, projections: [{ ...projection, evolve, rows: () => [] }, ...others] };
    const folded = foldInMemory(group, await toyLog().put(A, ITEM, 'food', 5).put(A, ITEM, 'food', 6).events());
    expect([...folded.parked.values()]).toMatchObject([{ reason: expect.stringMatching(/read only/) }]);
  });

  it('leaves out of the feed what is too large for it, and says so', async () => {
    const note = 'x'.repeat(DOCUMENT_BYTES_MAX / 2);
    const folded = foldInMemory(toyGroup, await toyLog().put(A, ITEM, 'food', 5, note).events());
    expect(folded.feed).toMatchObject([{ v: 1, ops: null }]);
  });
});
