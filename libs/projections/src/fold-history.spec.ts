import { sums, toyGroup } from '../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../test/support/projections/toy-log.js';
import { understandStored, auditRow, BEFORE_ALL, nextPlace } from './audit.js';
import { FoldError } from './fold.js';
import { foldHistory } from './fold-history.js';
import { incomingEvents } from './fold-in-memory.js';
import type { ProjectedEvent, Projection } from './projection.js';

const A = '00000000-0000-4000-8000-00000000000a';
const [ONE, TWO] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];
const [, items, journal] = toyGroup.projections;

async function history(log: ReturnType<typeof toyLog>): Promise<ProjectedEvent[]> {
  const incomingOf = incomingEvents(toyGroup);
  let place = BEFORE_ALL;
  return (await log.events()).map((event) => {
    place = nextPlace(place, event);
    const understood = understandStored(toyGroup, auditRow(incomingOf(event), place), event.data, event.metadata);
    if (understood.event instanceof FoldError) throw understood.event;
    return understood.event;
  });
}

describe('a folded history', () => {
  it('has the documents and rows its events lead to, and none that are gone', async () => {
    const events = await history(toyLog().put(A, ONE, 'food', 5).put(A, TWO, 'toys', 7).removed(A, ONE));
    const folded = foldHistory(toyGroup.projections, events);
    expect(folded.document(sums, A)).toEqual({ items: { [TWO]: { category: 'toys', amount: 7 } } });
    expect(folded.rows(sums)).toEqual([{ category: 'toys', amount: 7 }]);
    expect(items && folded.document(items, ONE)).toBeNull();
    expect(items && folded.rows(items)).toMatchObject([{ item: TWO }]);
    expect(journal && folded.rows(journal)).toHaveLength(3);
    expect(folded.document(sums, 'elsewhere')).toBeNull();
  });

  it('folds a projection once, when it is asked for, and its rows only when they are', async () => {
    const events = await history(toyLog().put(A, ONE, 'food', 5).put(A, TWO, 'food', 7));
    const calls = { evolve: 0, rows: 0 };
    const counted: Projection = {
      ...(sums as Projection),
      evolve: (document, event, key) => ((calls.evolve += 1), (sums as Projection).evolve(document, event, key)),
      rows: (before, after, event, key) => ((calls.rows += 1), (sums as Projection).rows(before, after, event, key)),
    };
    const folded = foldHistory([counted], events);
    expect(calls).toEqual({ evolve: 0, rows: 0 });
    folded.document(counted, A);
    folded.document(counted, A);
    expect(calls).toEqual({ evolve: 2, rows: 0 });
    folded.rows(counted);
    folded.rows(counted);
    expect(calls).toEqual({ evolve: 4, rows: 2 });
  });

  it('throws where a live fold parks', async () => {
    const events = await history(toyLog().put(A, ONE, 'food', 5, 'poison'));
    const folded = foldHistory(toyGroup.projections, events);
    expect(() => items && folded.document(items, ONE)).toThrow(FoldError);
    expect(folded.rows(sums)).toHaveLength(1);
  });

  it('knows the projections it was given and no others', async () => {
    const folded = foldHistory([sums], await history(toyLog().noted(A)));
    expect(() => journal && folded.rows(journal)).toThrow(/toy_journal/);
  });
});
