import {
  MemoryStore,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type NewEvent,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@daybook/eventsourcing';
import type { Coverage } from './coverage.js';
import { NO_FAULTS, type Faults } from './faults.js';
import type { SeededRandom } from './seeded-random.js';
import type { ProcessTime, VirtualTime } from './virtual-time.js';

const DEFAULT_DEADLINE_MS = 200;

interface Append {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: bigint;
}

/** One event store server on a network that loses, delays and repeats nothing it promised not to. */
export class SimulatedStore {
  readonly memory = new MemoryStore();
  readonly committedAt = new Map<string, number>();
  private readonly lost = new Set<string>();
  private faults: Faults;
  private frozenUntil = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
    faults: Faults,
    private readonly coverage: Coverage,
  ) {
    this.faults = faults;
  }

  freeze(milliseconds: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.time.now + milliseconds);
  }

  heal(): void {
    this.faults = NO_FAULTS;
    this.frozenUntil = 0;
  }

  /** What one process sees of the store. Nothing reaches a process that has died. */
  connect(process: ProcessTime): EventStore {
    return new Connection(this, process, this.coverage);
  }

  async append({ stream, events, expected }: Append, deadlineMs: number): Promise<AppendResult> {
    const { faults, random, coverage } = this;
    if (random.happens(faults.unavailable)) {
      coverage.saw('the store could not be asked');
      throw new StoreUnavailableError('not connected');
    }
    const isLost = random.happens(faults.lostRequest);
    if (isLost) for (const { id } of events) this.lost.add(id);
    const isLate = random.happens(faults.lateRequest);
    const delay = isLate ? deadlineMs + random.below(2_000) : 0;
    const answer = isLost ? never() : this.arrive({ stream, events, expected }, delay);
    return this.time.within(deadlineMs, answer, () => {
      if (this.time.now < this.frozenUntil) coverage.saw('the server froze with an append on its way');
      throw new OutcomeUnknownError('no answer in time');
    });
  }

  async read(stream: string, options: ReadStreamOptions): Promise<readonly RecordedEvent[]> {
    const { faults, random } = this;
    if (random.happens(faults.unavailable)) throw new StoreUnavailableError('not connected');
    const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
    return this.time.within(deadlineMs, this.readNow(stream, options), () => {
      throw new StoreUnavailableError('no answer in time');
    });
  }

  private async readNow(stream: string, options: ReadStreamOptions): Promise<readonly RecordedEvent[]> {
    await this.travel();
    const events: RecordedEvent[] = [];
    for await (const event of this.memory.readStream(stream, options)) events.push(event);
    if (this.random.happens(this.faults.slowRead)) await this.time.sleep(this.random.below(150));
    await this.time.sleep(this.random.between(1, 4));
    return events;
  }

  private async arrive(append: Append, delay: number): Promise<AppendResult> {
    const { faults, random, coverage } = this;
    if (delay > 0) await this.time.sleep(delay);
    await this.travel();
    if (random.happens(faults.storageFull)) {
      coverage.saw('the store was full');
      throw new StoreFullError('no space left');
    }
    const result = await this.commit(append, delay > 0);
    if (random.happens(faults.lostReply)) return never();
    await this.time.sleep(random.happens(faults.slowAck) ? random.below(400) : random.between(1, 4));
    return result;
  }

  private async commit({ stream, events, expected }: Append, late: boolean): Promise<AppendResult> {
    const isKnown = events.every(({ id }) => this.committedAt.has(id));
    try {
      const result = await this.memory.append(stream, events, expected);
      if (isKnown) this.coverage.saw('a lost reply was found stored by the retry');
      else if (events.every(({ id }) => this.lost.has(id))) this.coverage.saw('a lost request was stored by the retry');
      else if (late) this.coverage.saw('a late request was stored after its caller had given up');
      for (const { id } of events) if (!this.committedAt.has(id)) this.committedAt.set(id, this.time.tick());
      return result;
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) {
        this.coverage.saw(late ? 'a late request was refused by its revision' : 'two processes met at one revision');
      }
      throw error;
    }
  }

  private async travel(): Promise<void> {
    await this.time.sleep(this.random.between(1, 4));
    while (this.time.now < this.frozenUntil) {
      await this.time.sleep(this.frozenUntil - this.time.now + this.random.below(3));
    }
  }
}

class Connection implements EventStore {
  private readonly readBefore = new Set<string>();

  constructor(
    private readonly store: SimulatedStore,
    private readonly process: ProcessTime,
    private readonly coverage: Coverage,
  ) {}

  append(
    stream: string,
    events: readonly NewEvent[],
    expected: bigint,
    { deadlineMs = DEFAULT_DEADLINE_MS }: AppendOptions = {},
  ): Promise<AppendResult> {
    if (!this.process.isAlive) return never();
    const commands = new Set(events.map(({ metadata }) => metadata['commandId']));
    if (commands.size > 1) this.coverage.saw('a batch carried several commands');
    return this.heard(this.store.append({ stream, events, expected }, deadlineMs));
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    if (!this.process.isAlive) await never();
    if (options.from === 0n && this.readBefore.has(stream)) {
      this.coverage.saw('a stream was read again after it had left the cache');
    }
    this.readBefore.add(stream);
    yield* await this.heard(this.store.read(stream, options));
  }

  readAll(): AsyncIterable<RecordedEvent> {
    return this.store.memory.readAll();
  }

  eventAt(position: bigint): Promise<RecordedEvent | null> {
    return this.store.memory.eventAt(position);
  }

  subscribe(): never {
    throw new TypeError('the simulation of commands has no subscriptions');
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  private heard<Result>(answer: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      answer.then(
        (result) => {
          if (this.process.isAlive) resolve(result);
          else this.coverage.saw('a process died between the append and the answer');
        },
        (error: unknown) => {
          if (this.process.isAlive) reject(error as Error);
        },
      );
    });
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
