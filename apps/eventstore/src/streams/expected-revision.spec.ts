import { decideWrite, type ExpectedRevision, type StreamFacts, type WriteDecision } from './expected-revision.js';

const ANY: ExpectedRevision = { kind: 'any' };
const NO_STREAM: ExpectedRevision = { kind: 'no-stream' };
const EXISTS: ExpectedRevision = { kind: 'stream-exists' };
const at = (revision: number): ExpectedRevision => ({ kind: 'exact', revision });

type Flag = 'tombstoned' | 'softDeleted' | 'hasMetadata';

/** A stream whose events have these ids; what is in `remembered` is still in the cache of recent ids. */
function stream(ids: string, flags: readonly Flag[] = [], remembered = ''): StreamFacts {
  return {
    revision: ids.length - 1,
    tombstoned: flags.includes('tombstoned'),
    softDeleted: flags.includes('softDeleted'),
    hasMetadata: flags.includes('hasMetadata'),
    idAt: (revision) => ids.charAt(revision),
    recentRevisionOf: (id) => (remembered.includes(id) ? ids.indexOf(id) : undefined),
  };
}

function decide(expected: ExpectedRevision, appended: string, facts: StreamFacts): WriteDecision {
  return decideWrite(expected, Array.from(appended, (id) => ({ id })), facts);
}

const repeated = (lastRevision: number): WriteDecision => ({ kind: 'repeated', lastRevision });
const APPEND: WriteDecision = { kind: 'append' };
const CONFLICT: WriteDecision = { kind: 'conflict' };
const DELETED: WriteDecision = { kind: 'deleted' };

describe('an append at an exact revision', () => {
  it.each<[string, ExpectedRevision, string, StreamFacts, WriteDecision]>([
    ['is accepted at the last one', at(2), 'xy', stream('abc'), APPEND],
    ['is accepted without events at the last one', at(2), '', stream('abc'), APPEND],
    ['conflicts above it', at(3), 'x', stream('abc'), CONFLICT],
    ['conflicts above it on a stream without events', at(0), 'x', stream(''), CONFLICT],
    ['conflicts below it', at(1), 'x', stream('abc'), CONFLICT],
    ['conflicts below it without events', at(1), '', stream('abc'), CONFLICT],
    ['is the same append when the ids behind it are the same', at(0), 'bc', stream('abc'), repeated(2)],
    ['is the same append when more has been appended since', at(0), 'b', stream('abc'), repeated(1)],
    ['conflicts when only its first ids are the same', at(0), 'bx', stream('abc'), CONFLICT],
    ['conflicts when it goes on behind the last event', at(0), 'bcd', stream('abc'), CONFLICT],
    ['conflicts when its ids are in the stream, but elsewhere', at(1), 'b', stream('abc'), CONFLICT],
    ['is accepted with the id of an earlier event', at(2), 'a', stream('abc'), APPEND],
    ['is accepted at the last one of a soft-deleted stream', at(2), 'x', stream('abc', ['softDeleted']), APPEND],
    ['conflicts below it on a soft-deleted stream', at(1), 'x', stream('abc', ['softDeleted']), CONFLICT],
  ])('%s', (_, expected, appended, facts, decision) => {
    expect(decide(expected, appended, facts)).toEqual(decision);
  });
});

describe('an append to a stream that is not to exist', () => {
  it.each<[string, string, StreamFacts, WriteDecision]>([
    ['is accepted when it does not', 'x', stream(''), APPEND],
    ['is accepted without events', '', stream(''), APPEND],
    ['conflicts when it does', 'x', stream('abc'), CONFLICT],
    ['conflicts without events when it does', '', stream('abc'), CONFLICT],
    ['is the same append when it created the stream', 'ab', stream('abc'), repeated(1)],
    ['is accepted when the stream is soft-deleted', 'x', stream('abc', ['softDeleted']), APPEND],
    ['is the same append on a soft-deleted stream too', 'a', stream('abc', ['softDeleted']), repeated(0)],
    ['conflicts half repeated on a soft-deleted stream', 'ax', stream('abc', ['softDeleted']), CONFLICT],
  ])('%s', (_, appended, facts, decision) => {
    expect(decide(NO_STREAM, appended, facts)).toEqual(decision);
  });
});

describe('an append anywhere', () => {
  it.each<[string, string, StreamFacts, WriteDecision]>([
    ['is accepted on a new stream', 'x', stream(''), APPEND],
    ['is accepted on any stream', 'x', stream('abc', [], 'abc'), APPEND],
    ['is accepted without events', '', stream('abc'), APPEND],
    ['is the same append while its ids are remembered', 'bc', stream('abc', [], 'abc'), repeated(2)],
    ['is appended again once they are forgotten', 'bc', stream('abc', [], ''), APPEND],
    ['conflicts when only its first ids are known', 'bx', stream('abc', [], 'abc'), CONFLICT],
    ['is accepted when only later ids are known', 'xb', stream('abc', [], 'abc'), APPEND],
    ['opens a soft-deleted stream', 'x', stream('abc', ['softDeleted']), APPEND],
  ])('%s', (_, appended, facts, decision) => {
    expect(decide(ANY, appended, facts)).toEqual(decision);
  });
});

describe('an append to a stream that is to exist', () => {
  it.each<[string, string, StreamFacts, WriteDecision]>([
    ['is accepted when it does', 'x', stream('abc'), APPEND],
    ['conflicts when it does not', 'x', stream(''), CONFLICT],
    ['is accepted when it has nothing but metadata', 'x', stream('', ['hasMetadata']), APPEND],
    ['is told that a soft-deleted stream is deleted', 'x', stream('abc', ['softDeleted']), DELETED],
    ['is the same append while its ids are remembered', 'c', stream('abc', [], 'c'), repeated(2)],
  ])('%s', (_, appended, facts, decision) => {
    expect(decide(EXISTS, appended, facts)).toEqual(decision);
  });
});

describe('a tombstoned stream', () => {
  it.each([ANY, NO_STREAM, EXISTS, at(2), at(7)])('is deleted for everybody: %j', (expected) => {
    expect(decide(expected, 'a', stream('abc', ['tombstoned'], 'abc'))).toEqual(DELETED);
  });
});
