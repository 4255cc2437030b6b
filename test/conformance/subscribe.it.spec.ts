import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Position,
  type StreamSubscription,
} from '@eventstore/db-client';
import { newStream, nodeOnly, openStoreUnderTest, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;
let following: Following[];

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

beforeEach(() => {
  following = [];
});

afterEach(async () => {
  for (const one of following) await one.stop();
});

/** What a subscription says, as a list a test can wait on. */
class Following {
  readonly said: string[] = [];
  readonly positions: bigint[] = [];
  private changed: () => void = () => undefined;

  constructor(private readonly subscription: AllStreamSubscription | StreamSubscription) {
    following.push(this);
    const emitter: NodeJS.EventEmitter = subscription;
    emitter
      .on('confirmation', () => this.say('confirmed'))
      .on('caughtUp', () => this.say('caught up'))
      .on('error', (error: { type?: string }) => this.say(`error ${error.type}`))
      .on('end', () => this.say('end'))
      .on('data', ({ event }: AllStreamResolvedEvent) => {
        this.positions.push(event?.position?.commit ?? -1n);
        this.say(`${event?.streamId} ${event?.revision}`);
      });
  }

  say(what: string): void {
    this.said.push(what);
    this.changed();
  }

  get events(): string[] {
    return this.said.filter((line) => /-\d+ \d+$/.test(line));
  }

  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await new Promise<void>((resolve) => (this.changed = resolve));
  }

  async hasSaid(what: string): Promise<void> {
    await this.until(() => this.said.includes(what));
  }

  async stop(): Promise<void> {
    await this.subscription.unsubscribe();
  }
}

const revisions = (stream: string, ...numbers: number[]): string[] => numbers.map((number) => `${stream} ${number}`);

describe('a subscription to a stream', () => {
  it('says confirmation, history, caught up, then what happens, in this order', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(2));
    const follower = new Following(store.client.subscribeToStream(stream));
    await follower.hasSaid('caught up');
    await store.client.appendToStream(stream, someEvents(2));
    await follower.hasSaid(`${stream} 3`);
    expect(follower.said).toEqual(['confirmed', ...revisions(stream, 0, 1), 'caught up', ...revisions(stream, 2, 3)]);
  });

  it('begins behind the revision it names', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(5));
    const follower = new Following(store.client.subscribeToStream(stream, { fromRevision: 2n }));
    await follower.hasSaid('caught up');
    expect(follower.events).toEqual(revisions(stream, 3, 4));
  });

  it('begins with the next event at the end', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(3));
    const follower = new Following(store.client.subscribeToStream(stream, { fromRevision: END }));
    await follower.hasSaid('caught up');
    await store.client.appendToStream(stream, someEvents(1));
    await follower.hasSaid(`${stream} 3`);
    expect(follower.events).toEqual(revisions(stream, 3));
  });

  it('waits for a stream that does not exist', async () => {
    const stream = newStream();
    const follower = new Following(store.client.subscribeToStream(stream, { fromRevision: START }));
    await follower.hasSaid('caught up');
    await store.client.appendToStream(stream, someEvents(2));
    await follower.hasSaid(`${stream} 1`);
    expect(follower.events).toEqual(revisions(stream, 0, 1));
  });

  it('never hears of other streams', async () => {
    const [mine, other] = [newStream(), newStream()];
    const follower = new Following(store.client.subscribeToStream(mine));
    await follower.hasSaid('caught up');
    await store.client.appendToStream(other, someEvents(3));
    await store.client.appendToStream(mine, someEvents(1));
    await follower.hasSaid(`${mine} 0`);
    expect(follower.events).toEqual(revisions(mine, 0));
  });

  it('to a tombstoned stream is told that it is deleted', async () => {
    const stream = newStream();
    await store.client.tombstoneStream(stream);
    await new Following(store.client.subscribeToStream(stream)).hasSaid('error stream-deleted');
  });

  it('is told when the stream is tombstoned', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(1));
    const follower = new Following(store.client.subscribeToStream(stream));
    await follower.hasSaid('caught up');
    await store.client.tombstoneStream(stream);
    await follower.hasSaid('error stream-deleted');
  });

  it('goes on through a soft delete with the events that open the stream again', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(2));
    const follower = new Following(store.client.subscribeToStream(stream));
    await follower.hasSaid('caught up');
    await store.client.deleteStream(stream);
    await store.client.appendToStream(stream, someEvents(1));
    await follower.hasSaid(`${stream} 2`);
    expect(follower.events).toEqual(revisions(stream, 0, 1, 2));
  });

  it('leaves out what the metadata hides', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(5));
    await store.client.setStreamMetadata(stream, { truncateBefore: 3 });
    const follower = new Following(store.client.subscribeToStream(stream));
    await follower.hasSaid('caught up');
    expect(follower.events).toEqual(revisions(stream, 3, 4));
  });
});

describe('a subscription to $all', () => {
  it('gives history and what happens while it is given, without a gap or a repeat', async () => {
    const stream = newStream();
    const appendMany = async (): Promise<void> => {
      for (let append = 0; append < 40; append += 1) await store.client.appendToStream(stream, someEvents(5));
    };
    const appending = appendMany();
    const follower = new Following(store.client.subscribeToAll());
    await appending;
    await follower.hasSaid(`${stream} 199`);
    const mine = follower.events.filter((line) => line.startsWith(`${stream} `));
    expect(mine).toEqual(revisions(stream, ...Array(200).keys()));
    expect(follower.positions.every((position, at, all) => at === 0 || position > (all[at - 1] as bigint))).toBe(true);
  });

  it('begins behind the position it names', async () => {
    const stream = newStream();
    const { position } = await store.client.appendToStream(stream, someEvents(2));
    await store.client.appendToStream(stream, someEvents(2));
    const follower = new Following(store.client.subscribeToAll({ fromPosition: position as Position }));
    await follower.hasSaid(`${stream} 3`);
    expect(follower.events[0]).toBe(`${stream} 2`);
  });

  it('begins with the next event at the end', async () => {
    const follower = new Following(store.client.subscribeToAll({ fromPosition: END }));
    await follower.hasSaid('caught up');
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(1));
    await follower.hasSaid(`${stream} 0`);
    expect(follower.events).toEqual([`${stream} 0`]);
  });

  it('refuses a position it has not issued', async () => {
    const follower = new Following(store.client.subscribeToAll({ fromPosition: { commit: 65n, prepare: 65n } }));
    await follower.until(() => follower.said.some((line) => line.startsWith('error')));
    expect(follower.said).toEqual(['error unknown']);
  });

  it.each([
    ['by prefixes of stream names', (mine: string) => streamNameFilter({ prefixes: [`${mine}`, 'nothing-'] })],
    ['by a regular expression on stream names', (mine: string) => streamNameFilter({ regex: `^(${mine}|nothing-)` })],
    ['by prefixes of event types', (mine: string) => eventTypeFilter({ prefixes: [`T${mine}`] })],
    ['by a regular expression on event types', (mine: string) => eventTypeFilter({ regex: `^T${mine}$` })],
  ])('can be filtered %s', async (_, filterFor) => {
    const mine = newStream('filtered');
    await store.client.appendToStream(mine, someEvents(2, `T${mine}`));
    await store.client.appendToStream(newStream(), someEvents(3));
    const follower = new Following(store.client.subscribeToAll({ filter: filterFor(mine) }));
    await follower.hasSaid('caught up');
    await store.client.appendToStream(newStream(), someEvents(3));
    await store.client.appendToStream(mine, someEvents(1, `T${mine}`));
    await follower.hasSaid(`${mine} 2`);
    expect(follower.events).toEqual(revisions(mine, 0, 1, 2));
  });

  it('can leave system events out', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 3 });
    await store.client.appendToStream(stream, someEvents(1));
    const follower = new Following(store.client.subscribeToAll({ filter: excludeSystemEvents() }));
    await follower.hasSaid('caught up');
    expect(follower.said.filter((line) => line.includes('$'))).toEqual([]);
    expect(follower.events).toContain(`${stream} 0`);
  });

  it('refuses a regular expression that is none', async () => {
    const follower = new Following(store.client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) }));
    await follower.until(() => follower.said.some((line) => line.startsWith('error')));
    expect(follower.said).toEqual(['error unknown']);
  });
});

describe('the checkpoints of a filtered subscription', () => {
  /** Appends that the filter leaves out, in one stream, and the positions they got. */
  async function others(count: number): Promise<bigint[]> {
    const positions: bigint[] = [];
    for (let append = 0; append < count; append += 1) {
      const { position } = await store.client.appendToStream(newStream(), someEvents(1));
      positions.push(position?.commit as bigint);
    }
    return positions;
  }

  function follow(from: bigint, checkpointInterval: number, maxSearchWindow: number, prefix = 'no-such-stream'): Following & { checkpoints: bigint[] } {
    const checkpoints: bigint[] = [];
    const follower = new Following(
      store.client.subscribeToAll({
        fromPosition: { commit: from, prepare: from },
        filter: streamNameFilter({
          prefixes: [prefix],
          maxSearchWindow,
          checkpointInterval,
          checkpointReached: (_, { commit }) => {
            checkpoints.push(commit);
            follower.say(`checkpoint ${commit}`);
          },
        }),
      }),
    );
    return Object.assign(follower, { checkpoints });
  }

  nodeOnly('D4')('come after every interval of considered events, and where it has caught up', async () => {
    const [start] = await others(1);
    const positions = await others(10);
    const follower = follow(start as bigint, 2, 2);
    await follower.hasSaid('caught up');
    expect(follower.checkpoints).toEqual([positions[3], positions[7], positions[9]]);
    const more = await others(4);
    await follower.hasSaid(`checkpoint ${more[1]}`);
    expect(follower.checkpoints.slice(3)).toEqual([more[1]]);
  });

  it('are positions to go on from, without losing or repeating an event', async () => {
    const [start] = await others(1);
    await others(5);
    const prefix = newStream('wanted');
    const first = follow(start as bigint, 1, 3, prefix);
    await first.hasSaid('caught up');
    await first.stop();
    await store.client.appendToStream(prefix, someEvents(2));
    const second = follow(first.checkpoints.at(-1) as bigint, 1, 3, prefix);
    await second.hasSaid('caught up');
    expect(second.events).toEqual(revisions(prefix, 0, 1));
    expect(second.checkpoints.every((position) => position > (first.checkpoints.at(-1) as bigint))).toBe(true);
  });
});

describe('a subscriber that reads slowly', () => {
  it('gets everything in order, while others are not held up', async () => {
    const stream = newStream();
    const slow = store.client.subscribeToStream(stream);
    const fast = new Following(store.client.subscribeToStream(stream));
    await fast.hasSaid('caught up');
    const payload = 'x'.repeat(20_000);
    for (let append = 0; append < 60; append += 1) {
      await store.client.appendToStream(stream, someEvents(5).map((event) => ({ ...event, data: { payload } })));
    }
    await fast.hasSaid(`${stream} 299`);
    const seen: number[] = [];
    for await (const { event } of slow) {
      seen.push(Number(event?.revision));
      if (seen.length === 300) break;
    }
    expect(seen).toEqual([...Array(300).keys()]);
  });
});
