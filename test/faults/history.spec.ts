import { History, type LoggedEvent } from './history.js';

const logged = (stream: string, revision: number, position: number, id: string): LoggedEvent => ({
  stream,
  revision: BigInt(revision),
  position: BigInt(position),
  id,
});

const attempt = (stream: string, expected: number, ...ids: string[]) => ({ stream, expected: BigInt(expected), ids });

function told(): History {
  const history = new History();
  history.acknowledged(attempt('a', -1, 'x', 'y'), 1n, 20n);
  history.leftUnknown(attempt('b', -1, 'u', 'v'));
  history.wasRefused(attempt('a', -1, 'r'));
  history.wasSeen(logged('a', 0, 10, 'x'));
  return history;
}

const A = [logged('a', 0, 10, 'x'), logged('a', 1, 20, 'y')];

describe('the checker of what clients were told', () => {
  it.each([
    ['the unknown append is not there', A],
    ['the unknown append is there as a whole', [...A, logged('b', 0, 30, 'u'), logged('b', 1, 40, 'v')]],
  ])('is content when %s', (_, log) => {
    expect(told().judge(log)).toMatchObject({ ackedEvents: 2, seenEvents: 1, violations: [] });
  });

  it.each<[string, LoggedEvent[], string]>([
    ['an acknowledged event is gone', [logged('a', 0, 10, 'x')], 'acknowledged, then lost: a@1'],
    ['an event is there twice', [...A, logged('a', 2, 30, 'y')], 'stored 2 times'],
    ['an event is somewhere else', [logged('a', 0, 10, 'x'), logged('a', 1, 21, 'y')], 'elsewhere'],
    ['a shown event is gone', [logged('a', 0, 11, 'x'), logged('a', 1, 20, 'y')], 'seen, then lost: a@0'],
    ['half an append is there', [...A, logged('b', 0, 30, 'u')], 'half an append is stored: b'],
    ['a refused event is there', [...A, logged('a', 2, 30, 'r')], 'refused, but there: a'],
    ['positions go back', [...A, logged('c', 0, 15, 'z')], 'position 15 follows 20'],
    ['a revision is missing', [...A, logged('a', 3, 30, 'z')], 'a jumps to 3'],
  ])('complains when %s', (_, log, complaint) => {
    expect(told().judge(log).violations.join('\n')).toContain(complaint);
  });

  it('complains when one position was shown as two events', () => {
    const history = told();
    history.wasSeen(logged('a', 0, 10, 'other'));
    expect(history.judge(A).violations.join('\n')).toContain('shown as two events');
  });
});
