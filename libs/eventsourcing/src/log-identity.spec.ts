import { DaybookError, type Clock, type Random } from '@daybook/kernel';
import fc from 'fast-check';
import { LOG_OPENED, LOG_STREAM, formatPosition, openLog, parsePosition, readLogIdentity } from './log-identity.js';
import { MemoryStore } from './memory-store.js';
import { OutcomeUnknownError, type AppendResult, type NewEvent, type Revision } from './store.js';

const clock: Clock = { now: () => Date.UTC(2026, 3, 1), monotonic: () => 0 };

function countingRandom(): Random {
  let drawn = 0;
  return {
    fraction: () => 0,
    bytes: (count) => new Uint8Array(count),
    uuid: () => `0198c0de-0000-4000-8000-${String((drawn += 1)).padStart(12, '0')}`,
  };
}

/** Stores what it is given and loses the first answers. */
class ForgetfulStore extends MemoryStore {
  constructor(private lostAnswers: number) {
    super();
  }

  override async append(stream: string, events: readonly NewEvent[], expected: Revision): Promise<AppendResult> {
    const result = await super.append(stream, events, expected);
    this.lostAnswers -= 1;
    if (this.lostAnswers >= 0) throw new OutcomeUnknownError('lost');
    return result;
  }
}

describe('opening a log', () => {
  it('names a new log by its first event', async () => {
    const store = new MemoryStore();
    const log = await openLog(store, countingRandom(), clock);

    expect(log.restores).toBe(0);
    expect(store.contents()).toMatchObject([
      {
        stream: LOG_STREAM,
        type: LOG_OPENED,
        data: { logId: log.logId, parent: null, parentPosition: null },
        metadata: { recordedAt: '2026-04-01T00:00:00.000Z' },
      },
    ]);
  });

  it('reads the name a log has', async () => {
    const store = new MemoryStore();
    const log = await openLog(store, countingRandom(), clock);

    expect(await openLog(store, countingRandom(), clock)).toEqual(log);
    expect(store.contents()).toHaveLength(1);
  });

  it('gives one name when several processes open it at once', async () => {
    const store = new MemoryStore();
    const random = countingRandom();
    const logs = await Promise.all([1, 2, 3].map(() => openLog(store, random, clock)));

    expect(new Set(logs.map(({ logId }) => logId)).size).toBe(1);
    expect(store.contents()).toHaveLength(1);
  });

  it('finds the name it gave when the answer was lost', async () => {
    const store = new ForgetfulStore(1);

    expect(await openLog(store, countingRandom(), clock)).toEqual(await readLogIdentity(store));
  });

  it('takes the name of the last restore, and counts the restores', async () => {
    const store = new MemoryStore();
    const random = countingRandom();
    const { logId } = await openLog(store, random, clock);
    const restored = { logId: random.uuid(), parent: logId, parentPosition: '0000000000000800' };
    await store.append(LOG_STREAM, [{ id: random.uuid(), type: LOG_OPENED, data: restored, metadata: {} }], 0n);

    expect(await openLog(store, random, clock)).toEqual({ logId: restored.logId, restores: 1 });
  });

  it('does not take any other event for a name', async () => {
    const store = new MemoryStore();
    await store.append(LOG_STREAM, [{ id: countingRandom().uuid(), type: 'Other', data: {}, metadata: {} }], -1n);

    await expect(openLog(store, countingRandom(), clock)).rejects.toThrow('does not name a log');
  });
});

describe('a position as clients see it', () => {
  const log = { logId: '0198c0de-0000-4000-8000-000000000001', restores: 0 };
  const positions = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(parsePosition(log, formatPosition(log, position))).toBe(position);
      }),
    );
  });

  it('sorts as text in the order of the log', () => {
    fc.assert(
      fc.property(positions, positions, (one, other) => {
        expect(formatPosition(log, one) < formatPosition(log, other)).toBe(one < other);
      }),
    );
  });

  it.each([
    ['another log', { ...log, logId: '0198c0de-0000-4000-8000-000000000002' }],
    ['the same log before a restore', { ...log, restores: 1 }],
  ])('of %s is refused, with the current one', (_, other) => {
    expect(refusal(() => parsePosition(log, formatPosition(other, 7n), 9n))).toMatchObject({
      code: 'POSITION_OTHER_LOG',
      detail: 'The position is from before a restore or from another installation; read again without minPosition.',
      data: { current: formatPosition(log, 9n) },
    });
  });

  it.each(['', '7', 'abc', '00000000-0', `${formatPosition(log, 7n)}0`, formatPosition(log, 7n).toUpperCase()])(
    'that is none is not well formed: "%s"',
    (text) => {
      expect(refusal(() => parsePosition(log, text))).toMatchObject({ code: 'VALIDATION_FAILED' });
    },
  );
});

function refusal(action: () => unknown): DaybookError {
  try {
    action();
  } catch (error) {
    if (error instanceof DaybookError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
