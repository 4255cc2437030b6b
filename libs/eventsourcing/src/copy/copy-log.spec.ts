import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { openLog, readLogIdentity, LOG_STREAM } from '../log-identity.js';
import { MemoryStore } from '../memory-store.js';
import { NO_EVENTS, OutcomeUnknownError, type AppendResult, type EventStore, type NewEvent, type RecordedEvent, type Revision } from '../store.js';
import { CopyDiffersError, CopyRefusedError } from './copy-errors.js';
import { copyLog, planCopy, verifyCopy, type CopyParts } from './copy-log.js';

let source: MemoryStore;
let target: MemoryStore;
let ids: number;

beforeEach(async () => {
  [source, target, ids] = [new MemoryStore(), new MemoryStore(), 0];
  await openLog(source, random, new VirtualTime());
});

const random = {
  fraction: () => 0,
  bytes: (count: number) => new Uint8Array(count),
  uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
};

function parts(given: Partial<CopyParts> = {}): CopyParts {
  const time = new VirtualTime();
  return { source, target, clock: time, timers: { sleep: () => Promise.resolve(), after: () => () => undefined }, random, ...given };
}

/** Events of several streams, in turn and in runs. */
async function fill(store: EventStore, appends: number): Promise<void> {
  const next = new Map<string, Revision>();
  for (let append = 0; append < appends; append += 1) {
    const stream = `ledger-${append % 3}`;
    const events = Array.from({ length: 1 + (append % 4) }, () => event({ append }));
    const { revision } = await store.append(stream, events, next.get(stream) ?? NO_EVENTS);
    next.set(stream, revision);
  }
}

function event(data: NewEvent['data'] = {}): NewEvent {
  return { id: random.uuid(), type: 'Happened', data, metadata: { by: 'copy' } };
}

async function all(store: EventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const one of store.readAll()) events.push(one);
  return events;
}

function withoutPosition(events: readonly RecordedEvent[]): object[] {
  return events.map(({ position: _, ...rest }) => rest);
}

/** A target that goes away after so many appends, with the last one stored or not. */
function breaking(store: MemoryStore, appends: number, error = new Error('killed')): EventStore {
  let left = appends;
  return Object.assign(Object.create(store) as MemoryStore, {
    append: async (...args: Parameters<MemoryStore['append']>): Promise<AppendResult> => {
      if (left === 0) throw error;
      left -= 1;
      return store.append(...args);
    },
  });
}

describe('a copy of a log', () => {
  it('has the same events, in the same order and streams, and a name of its own behind them', async () => {
    await fill(source, 30);
    const report = await copyLog(parts());
    const [originals, copies] = [await all(source), await all(target)];
    const original = await readLogIdentity(source);

    expect(withoutPosition(copies.slice(0, -1))).toEqual(withoutPosition(originals));
    expect(copies.at(-1)).toMatchObject({
      stream: LOG_STREAM,
      revision: 1n,
      data: { parent: original?.logId, parentPosition: String(originals.at(-1)?.position) },
    });
    expect(report).toMatchObject({ events: originals.length, streams: 4, copied: originals.length, alreadyThere: 0 });
    expect(report.target).toEqual({ logId: copies.at(-1)?.data['logId'], restores: 1 });
    expect(report.target?.logId).not.toBe(original?.logId);
  });

  it('goes on where it was broken off, wherever that was, and stores nothing twice', async () => {
    await fill(source, 12);
    for (let appends = 0; appends < 14; appends += 1) {
      target = new MemoryStore();
      await expect(copyLog(parts({ target: breaking(target, appends) }))).rejects.toThrow('killed');
      const there = (await all(target)).length;
      const report = await copyLog(parts());

      expect([report.alreadyThere, report.copied]).toEqual([Math.min(there, 31), 31 - Math.min(there, 31)]);
      expect(withoutPosition((await all(target)).slice(0, -1))).toEqual(withoutPosition(await all(source)));
    }
  });

  it('asks again when the outcome of an append is unknown', async () => {
    await fill(source, 5);
    let failures = 3;
    const unsure = Object.assign(Object.create(target) as MemoryStore, {
      append: async (...args: Parameters<MemoryStore['append']>): Promise<AppendResult> => {
        const result = await target.append(...args);
        failures -= 1;
        if (failures >= 0) throw new OutcomeUnknownError('no answer');
        return result;
      },
    });
    await copyLog(parts({ target: unsure }));

    expect(await all(target)).toHaveLength((await all(source)).length + 1);
  });

  it('is recognised as complete, also after it has been used, and is left alone', async () => {
    await fill(source, 5);
    const first = await copyLog(parts());
    await target.append('ledger-new', [event(), event()], NO_EVENTS);
    const before = await all(target);
    const second = await copyLog(parts());

    expect(second).toEqual({ ...first, copied: 0, alreadyThere: first.events, usedSince: 2 });
    expect(await all(target)).toEqual(before);
  });

  it('can be copied itself, and back', async () => {
    await fill(source, 5);
    await copyLog(parts());
    await target.append('ledger-new', [event()], NO_EVENTS);
    const back = new MemoryStore();
    const report = await copyLog(parts({ source: target, target: back }));

    expect(report.target?.restores).toBe(2);
    expect(withoutPosition((await all(back)).slice(0, -1))).toEqual(withoutPosition(await all(target)));
  });

  it('keeps runs of one stream to appends of a size a server takes', async () => {
    const large = Array.from({ length: 5 }, () => event({ text: 'x'.repeat(300_000) }));
    await source.append('large', large.slice(0, 3), NO_EVENTS);
    await source.append('large', large.slice(3), 2n);
    await source.append('many', Array.from({ length: 1_200 }, () => event()), NO_EVENTS);
    await copyLog(parts());

    expect(withoutPosition((await all(target)).slice(0, -1))).toEqual(withoutPosition(await all(source)));
  });
});

describe('a copy is refused', () => {
  it('when the target holds something else, and nothing is written there', async () => {
    await fill(source, 5);
    await openLog(target, random, new VirtualTime());
    const before = await all(target);

    await expect(copyLog(parts())).rejects.toThrow(CopyRefusedError);
    await expect(copyLog(parts())).rejects.toThrow('event 1 is LogOpened at revision 0 of daybook-log');
    expect(await all(target)).toEqual(before);
  });

  it('when an event of the target has other data, or is one too many', async () => {
    await fill(source, 5);
    const [named, second] = await all(source);
    await target.append(LOG_STREAM, [named as RecordedEvent], NO_EVENTS);
    await target.append((second as RecordedEvent).stream, [{ ...(second as RecordedEvent), data: { append: 'other' } }], NO_EVENTS);
    await expect(copyLog(parts())).rejects.toThrow('event 2, Happened at revision 0 of ledger-0');

    const longer = new MemoryStore();
    await expect(copyLog(parts({ target: breaking(longer, 6) }))).rejects.toThrow('killed');
    await longer.append('foreign', [event()], NO_EVENTS);
    await expect(copyLog(parts({ target: longer }))).rejects.toThrow('of foreign');
  });

  it('when the source is not a log of Daybook, or has lost events of a stream', async () => {
    await expect(copyLog(parts({ source: new MemoryStore() }))).rejects.toThrow('no log of Daybook');
    await fill(source, 5);
    const scavenged = Object.assign(Object.create(source) as MemoryStore, {
      async *readAll(...args: Parameters<EventStore['readAll']>) {
        for await (const one of source.readAll(...args)) if (one.revision !== 1n) yield one;
      },
    });
    await expect(copyLog(parts({ source: scavenged }))).rejects.toThrow('goes on with revision 2 where 1 is due');
    expect(await all(target)).toEqual([]);
  });

  it('when a stream of the source hides events from its readers', async () => {
    await fill(source, 5);
    const limited = Object.assign(Object.create(source) as MemoryStore, {
      async *readStream(stream: string, ...rest: []) {
        if (stream === '$$ledger-1') yield { ...event({ $tb: 3 }), stream, revision: 0n, position: 1n };
        else yield* source.readStream(stream, ...rest);
      },
    });
    await expect(copyLog(parts({ source: limited }))).rejects.toThrow('ledger-1 of the source is limited by its metadata ($tb)');
  });

  it('its name as long as somebody writes to the source, and goes on when nobody does', async () => {
    await fill(source, 5);
    let written = false;
    const busy = Object.assign(Object.create(target) as MemoryStore, {
      append: async (...args: Parameters<MemoryStore['append']>): Promise<AppendResult> => {
        if (!written) await source.append('late', [event()], NO_EVENTS);
        written = true;
        return target.append(...args);
      },
    });
    await expect(copyLog(parts({ target: busy }))).rejects.toThrow('Stop Daybook there');
    expect((await readLogIdentity(target))?.restores).toBe(0);

    const report = await copyLog(parts());
    expect(report.events).toBe((await all(source)).length);
    expect(report.target?.restores).toBe(1);
  });
});

describe('the verification of a copy', () => {
  it('tells a copy from one that is not complete, one that differs, and one its source has left behind', async () => {
    await fill(source, 5);
    await expect(verifyCopy(parts())).rejects.toThrow('has 0 of 12 events');
    await expect(copyLog(parts({ target: breaking(target, 6) }))).rejects.toThrow('killed');
    await expect(verifyCopy(parts())).rejects.toThrow('was not completed');
    const report = await copyLog(parts());
    expect(await verifyCopy(parts())).toMatchObject({ digest: report.digest, copied: 0 });

    await source.append('late', [event()], NO_EVENTS);
    await expect(verifyCopy(parts())).rejects.toThrow(CopyDiffersError);
    await expect(copyLog(parts())).rejects.toThrow('got 1 events after the copy was completed');
  });

  it('gives the same digest for the same events, and another when one of them differs in anything', async () => {
    await fill(source, 5);
    const digest = (await copyLog(parts())).digest;
    const other = new MemoryStore();
    await copyLog(parts({ target: other }));
    expect((await verifyCopy(parts({ target: other }))).digest).toBe(digest);

    const shorter = new MemoryStore();
    for (const one of (await all(source)).slice(0, -1)) await shorter.append(one.stream, [one], one.revision - 1n);
    expect((await copyLog(parts({ source: shorter, target: new MemoryStore() }))).digest).not.toBe(digest);
  });
});

describe('the plan of a copy', () => {
  it('says what is there and what is missing, and writes nothing', async () => {
    await fill(source, 5);
    await expect(copyLog(parts({ target: breaking(target, 3) }))).rejects.toThrow('killed');
    const before = await all(target);

    expect(await planCopy(parts())).toMatchObject({
      common: before.length,
      state: { kind: 'unfinished', missing: 12 - before.length },
      source: { events: 12, gap: undefined },
    });
    expect(await all(target)).toEqual(before);
  });
});
