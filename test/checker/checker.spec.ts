import { check } from './check.js';
import { HistoryCollector, type History } from './history-file.js';
import { parseLine, printLine, type Append, type Operation, type SeenEvent } from './history.js';
import { generate } from './model/generate.js';
import type { Bug } from './model/store-model.js';
import type { Rule } from './verdict.js';

const SEEDS = 8;
const OPERATIONS = 4_000;

function generated(seed: number, bug: Bug | null): History {
  const history = new HistoryCollector();
  history.log.push(...generate({ operations: OPERATIONS, seed, bug }, (line) => history.add(line)));
  return history;
}

describe('histories of a store that is right', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => [seed]))('hold, whatever crashed and was repeated (seed %i)', (seed) => {
    const history = generated(seed, null);
    expect(check(history)).toMatchObject({ violations: [] });
    const outcomes = history.operations.flatMap((one) => (one.op === 'append' ? [`${one.type} ${one.value.reason ?? ''}`] : []));
    expect(new Set(outcomes)).toEqual(new Set(['ok ', 'info ', 'fail conflict']));
  });
});

describe('a planted fault is caught', () => {
  const caughtBy: Readonly<Partial<Record<Bug, readonly Rule[]>>> = {
    'ack before sync': ['I1 durable'],
    'duplicate on retry': ['I1 whole'],
    'torn append': ['I1 whole'],
    'lost update': ['I1 durable'],
    'hidden success': ['I4 no effect'],
    'false conflict': ['I2 conflict'],
  };

  it.each(Object.entries(caughtBy) as [Bug, readonly Rule[]][])('%s, by its rule and with a witness of a few lines', (bug, rules) => {
    const histories = Array.from({ length: SEEDS }, (_, seed) => check(generated(seed, bug)).violations);
    const found = histories.filter((violations) => rules.every((rule) => violations.some((one) => one.rule === rule)));
    expect(found.length).toBeGreaterThan(SEEDS / 2);
    for (const { witness } of found.flat().filter(({ rule }) => rules.includes(rule))) {
      expect(witness.operations.length + witness.log.length).toBeLessThan(12);
    }
  });
});

const event = (stream: string, revision: number, position: number, id: string, digest = id): SeenEvent => ({
  stream,
  revision: BigInt(revision),
  position: BigInt(position),
  id,
  digest,
});
const LOG = [event('a', 0, 10, 'x'), event('a', 1, 20, 'y'), event('b', 0, 30, 'z')];

let seq = 0;
const told = (t_invoke: number, t_done: number) => ({ proc: 'p', seq: (seq += 1), t_invoke, t_done }) as const;
const append = (at: [number, number], type: Append['type'], stream: string, expected: number, ids: string[], more: object = {}): Append => ({
  op: 'append',
  ...told(...at),
  type,
  value: { stream, expected: BigInt(expected), ids, ...more },
});
const SENT = [append([0, 5], 'ok', 'a', -1, ['x', 'y'], { revision: 1n, position: 20n }), append([6, 9], 'ok', 'b', -1, ['z'])];
const readAll = (at: [number, number], events: SeenEvent[], more: object = {}): Operation => ({
  op: 'read-all',
  ...told(...at),
  type: 'ok',
  value: { direction: 'forwards', from: null, limit: null, events, ...more },
});
const readStream = (at: [number, number], stream: string, events: SeenEvent[], more: object = {}): Operation => ({
  op: 'read-stream',
  ...told(...at),
  type: 'ok',
  value: { stream, direction: 'forwards', from: null, limit: null, events, ...more },
});
const broken = (operations: readonly Operation[], log: readonly SeenEvent[] = LOG): string[] =>
  check({ operations, log }).violations.map(({ rule, sentence }) => `${rule}: ${sentence}`);

describe('a history holds when', () => {
  it.each<[string, Operation[], SeenEvent[]?]>([
    ['everything acknowledged is there', SENT],
    ['an append of unknown outcome is not there', [...SENT, append([1, 9], 'info', 'c', -1, ['u'])]],
    ['an append of unknown outcome is there', [...SENT, append([1, 9], 'info', 'b', 0, ['u'])], [...LOG, event('b', 1, 40, 'u')]],
    ['a repeat was acknowledged like the first', [...SENT, append([7, 9], 'ok', 'a', -1, ['x', 'y'], { revision: 1n, position: 20n })]],
    ['a read that overlaps an append does not see it', [...SENT, readAll([4, 10], LOG.slice(0, 0))]],
    ['a read backwards begins at the end', [...SENT, readStream([10, 11], 'a', [...LOG.slice(0, 2)].reverse(), { direction: 'backwards' })]],
    ['a read backwards begins where it was asked to', [...SENT, readAll([10, 11], LOG.slice(0, 1), { direction: 'backwards', from: 20n })]],
    ['a read was broken off', [...SENT, { ...readAll([10, 11], LOG.slice(0, 1)), type: 'info' } as Operation]],
    ['an event of the system is there that nobody sent', SENT, [event('$$a', 0, 1, 's'), ...LOG]],
    ['a conflict is told while another append is under way', [...SENT, append([1, 9], 'fail', 'a', -1, ['v'], { reason: 'conflict', actual: 1n })]],
  ])('%s', (...[, operations, log]) => {
    expect(broken(operations, log)).toEqual([]);
  });
});

describe('a history is broken when', () => {
  it.each<[string, Operation[], string, SeenEvent[]?]>([
    ['an acknowledged append is gone', [...SENT, append([0, 1], 'ok', 'c', -1, ['u'])], 'I1 durable: acknowledged, then lost'],
    ['it is at another revision', [append([0, 1], 'ok', 'a', -1, ['x', 'y'], { revision: 2n }), SENT[1] as Append], 'I1 durable: acknowledged elsewhere than it is'],
    ['half of an append is there', [append([0, 5], 'info', 'a', -1, ['x', 'y', 'w']), SENT[1] as Append], 'I1 whole: only a part of an append is in the log'],
    ['an event is there twice', SENT, 'I1 whole: an append is in the log more than once', [...LOG, event('b', 1, 40, 'z')]],
    ['another append stands inside an append', SENT, 'I1 whole: the events of an append do not follow each other', [event('a', 0, 10, 'x'), event('b', 0, 15, 'z'), event('a', 1, 20, 'y')]],
    ['a definite failure is there', [SENT[0] as Append, append([6, 9], 'fail', 'b', -1, ['z'], { reason: 'too large' })], 'I4 no effect: refused, and in the log'],
    ['something is there that nobody sent', [SENT[0] as Append], 'I4 sent: in the log, and nobody sent it'],
    ['an event is seen before it is sent', [...SENT, readAll([0, 5], LOG)], 'I4 sent: seen before it was sent'],
    ['a later append stands before an earlier one', [append([8, 9], 'ok', 'a', -1, ['x']), append([1, 5], 'ok', 'a', 0, ['y']), SENT[1] as Append], 'I2 order: sent after a later one was known, and placed before it'],
    ['a read misses what was acknowledged', [...SENT, readStream([6, 9], 'a', LOG.slice(0, 1))], 'I2 fresh: a later call does not see what was already known'],
    ['a read misses what another read has seen', [append([0, 99], 'info', 'a', -1, ['x', 'y']), SENT[1] as Append, readStream([6, 7], 'a', LOG.slice(0, 2)), readStream([8, 9], 'a', [])], 'I2 fresh: a later call does not see what was already known'],
    ['a read of the end is behind', [...SENT, readStream([6, 9], 'a', [event('a', 0, 10, 'x')], { direction: 'backwards', limit: 1 })], 'I2 fresh: a later call does not see what was already known'],
    ['a read of $all is behind', [...SENT, readAll([10, 11], LOG.slice(0, 2))], 'I3 fresh: a later call does not see what was already known'],
    ['a read leaves something out', [...SENT, readAll([10, 11], [LOG[0] as SeenEvent, LOG[2] as SeenEvent])], 'I3 same: something before it was left out, or came later'],
    ['a read shows other bytes', [...SENT, readAll([10, 11], [event('a', 0, 10, 'x', 'other')])], 'I3 same: seen otherwise than it is'],
    ['what was seen is gone', [...SENT, readAll([10, 11], [...LOG, event('c', 0, 40, 'u')])], 'I3 same: seen, then lost'],
    ['positions do not rise', SENT, 'I3 log: position 15 follows 20', [LOG[0] as SeenEvent, LOG[1] as SeenEvent, event('b', 0, 15, 'z')]],
    ['a revision is missing', SENT, 'I3 log: b has revision 1 in the place of 0', [LOG[0] as SeenEvent, LOG[1] as SeenEvent, event('b', 1, 30, 'z')]],
    ['a conflict is told that was none', [...SENT, append([10, 11], 'fail', 'a', 1, ['v'], { reason: 'conflict', actual: 1n })], 'I2 conflict: told of a conflict although the stream was where it was expected all the time'],
    ['a conflict names a place where the stream never was', [...SENT, append([10, 11], 'fail', 'a', 0, ['v'], { reason: 'conflict', actual: 7n })], 'I2 conflict: told of revision 7, but the stream was at 1 to 1'],
  ])('%s', (...[, operations, complaint, log]) => {
    expect(broken(operations, log)).toContain(complaint);
  });

  it('a subscription that said it was up to date had not delivered what was known', () => {
    const following = (caughtUp: number): Operation => ({
      op: 'subscribe',
      ...told(10, 20),
      type: 'ok',
      value: { after: 10n, prefixes: ['a', 'b'], events: LOG.slice(1), times: [12, 13], caughtUp },
    });
    expect(broken([...SENT, following(2)])).toEqual([]);
    expect(broken([...SENT, following(1)])).toEqual(['I3 fresh: a later call does not see what was already known']);
  });
});

describe('a line of a history', () => {
  it('comes back as it was printed, however large its numbers are', () => {
    const line = append([1, 2], 'ok', 'a', -1, ['x'], { revision: 2n ** 63n - 1n, position: 2n ** 64n - 1n });
    expect(parseLine(printLine(line))).toEqual(line);
    const read = readAll([1, 2], LOG, { from: 2n ** 60n });
    expect(parseLine(printLine(read))).toEqual(read);
  });

  it('is refused when it makes no sense', () => {
    expect(() => parseLine('{"op":"guess","t_invoke":1,"t_done":2}')).toThrow('no operation is called "guess"');
    expect(() => parseLine(printLine({ ...append([1, 2], 'ok', 'a', -1, ['x']), t_done: 0 }))).toThrow('ends before it begins');
    expect(() => broken([...SENT, append([1, 2], 'ok', 'c', -1, ['x'])])).toThrow('under the id x');
  });
});
