import {
  commandMarkOf,
  createCommandRuntime,
  envelopeOf,
  type CommandLimits,
  type CommandRuntime,
  type EventStore,
} from '@daybook/eventsourcing';
import { DaybookError, type Log } from '@daybook/kernel';
import { Coverage } from './coverage.js';
import { swarm, type Faults } from './faults.js';
import type { Answer, Attempt, History, LoggedEvent } from './history.js';
import {
  PURSE_LIMIT,
  purse,
  purseEvents,
  type PurseCommand,
  type PurseEvent,
  type PurseFacts,
  type PurseState,
} from './purse.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedStore } from './simulated-store.js';
import { ProcessTime, VirtualTime } from './virtual-time.js';

const STREAMS = ['purse-one', 'purse-two'] as const;
const PROCESSES = 2;
const CLIENTS = 3;
const HEALED_AFTER_MS = 6_000;
const CONVERGED_AFTER_MS = 60_000;
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The caller has learned that nothing was recorded, or nothing at all: the same command may be sent again. */
const WORTH_A_RETRY = new Set(['OUTCOME_UNKNOWN', 'STORE_UNAVAILABLE', 'SHUTTING_DOWN', 'RATE_LIMITED', 'STORAGE_FULL']);

type Sent = Pick<Attempt, 'stream' | 'commandId' | 'userId' | 'command'>;

interface Process {
  readonly number: number;
  readonly time: ProcessTime;
  readonly runtime: CommandRuntime;
}

/** A planted bug: how a process with the bug would see or use its store. */
export type Sabotage = (store: EventStore) => EventStore;

export interface HistoryOptions {
  readonly seed: number;
  readonly coverage?: Coverage;
  readonly sabotage?: Sabotage;
}

/** One seeded history: the real runtime in two processes, a faulty world around it, clients that do not give up. */
export async function runHistory({ seed, coverage = new Coverage(), sabotage }: HistoryOptions): Promise<History> {
  const world = new World(seed, coverage, sabotage ?? ((store) => store));
  const converged = await world.run();
  return { seed, attempts: world.attempts, log: world.log(), converged };
}

class World {
  readonly attempts: Attempt[] = [];
  private readonly time = new VirtualTime();
  private readonly random: SeededRandom;
  private readonly faults: Faults;
  private readonly store: SimulatedStore;
  private readonly limits: Partial<CommandLimits>;
  private readonly processes: (Process | null)[] = [];
  private processCount = 0;
  private healed = false;

  constructor(
    seed: number,
    private readonly coverage: Coverage,
    private readonly sabotage: Sabotage,
  ) {
    this.random = new SeededRandom(seed);
    this.faults = swarm(this.random);
    this.store = new SimulatedStore(this.time, this.random, this.faults, coverage);
    this.limits = {
      batchCommands: this.random.between(1, 6),
      batchBytes: this.random.pick([900, 2_000, 500_000]),
      laneQueue: this.random.pick([2, 8, 64]),
      cachedStreams: this.random.between(1, 2),
      appendDeadlineMs: 200,
      readDeadlineMs: 200,
      factsDeadlineMs: 100,
      unavailableMs: 60,
    };
  }

  async run(): Promise<boolean> {
    for (let slot = 0; slot < PROCESSES; slot += 1) this.processes.push(this.startProcess());
    this.scheduleDisasters();
    let done = false;
    void Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.client(`user-${client}`))).then(() => {
      done = true;
    });
    return this.time.run(CONVERGED_AFTER_MS, () => done);
  }

  log(): LoggedEvent[] {
    return this.store.memory.contents().map(({ id, stream, type, data, metadata, revision, position }) => {
      const { commandId = '', commandHash: hash = '', userId = '' } = commandMarkOf(metadata) ?? {};
      const committedAt = this.store.committedAt.get(id) ?? 0;
      return { id, stream, type, data, commandId, hash, userId, revision, position, committedAt };
    });
  }

  private startProcess(): Process {
    this.processCount += 1;
    const time = new ProcessTime(this.time);
    const runtime = createCommandRuntime({
      store: this.sabotage(this.store.connect(time)),
      clock: time,
      timers: time,
      random: this.random,
      log: SILENT,
      limits: this.limits,
    });
    return { number: this.processCount, time, runtime };
  }

  private scheduleDisasters(): void {
    const { time, random, faults } = this;
    for (let freeze = 0; freeze < faults.freezes; freeze += 1) {
      time.after(random.below(2_500), () => !this.healed && this.store.freeze(random.between(50, 900)));
    }
    for (let crash = 0; crash < faults.crashes; crash += 1) {
      const slot = random.below(PROCESSES);
      time.after(random.below(2_500), () => this.crash(slot, random.between(20, 400)));
    }
    time.after(HEALED_AFTER_MS, () => {
      this.healed = true;
      this.store.heal();
    });
  }

  private crash(slot: number, downMs: number): void {
    this.processes[slot]?.time.die();
    this.processes[slot] = null;
    this.time.after(downMs, () => {
      this.processes[slot] ??= this.startProcess();
    });
  }

  private async client(userId: string): Promise<void> {
    const { random, time } = this;
    const ownIds: string[] = [];
    for (let left = random.between(1, 3); left > 0; left -= 1) {
      await time.sleep(random.below(500));
      const stream = random.pick(STREAMS);
      const atOnce = random.happens(this.faults.bursts) ? random.between(2, 4) : 1;
      await Promise.all(Array.from({ length: atOnce }, () => this.sendSomething(userId, stream, ownIds)));
    }
  }

  private async sendSomething(userId: string, stream: string, ownIds: string[]): Promise<void> {
    const { random, faults } = this;
    const earlier = ownIds[random.below(ownIds.length)];
    const commandId = earlier !== undefined && random.happens(faults.reusedIds) ? earlier : random.uuid();
    ownIds.push(commandId);
    const sent = { stream, commandId, userId, command: this.someCommand() };
    const sends = random.happens(faults.twins) ? 2 : 1;
    await Promise.all(Array.from({ length: sends }, () => this.sendUntilKnown(sent)));
  }

  private someCommand(): PurseCommand {
    const { random } = this;
    if (random.happens(this.faults.mistakes)) return { type: 'explode' };
    const amounts = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.between(1, 9));
    return random.pick<PurseCommand>([
      { type: 'spend', amounts },
      { type: 'spend', amounts },
      { type: 'spend', amounts },
      { type: 'close' },
      { type: 'reopen' },
    ]);
  }

  private async sendUntilKnown(what: Sent): Promise<void> {
    const { random, time } = this;
    const patience = random.happens(0.15) ? random.between(1, 2) : Infinity;
    for (let tries = 0; tries < patience; tries += 1) {
      const process = this.processes[random.below(PROCESSES)];
      if (process !== null && process !== undefined) {
        const answer = await this.attempt(process, what);
        if (answer !== null && !(answer.kind === 'refused' && WORTH_A_RETRY.has(answer.code))) return;
      }
      await time.sleep(random.between(10, 250));
    }
  }

  private async attempt(process: Process, what: Sent): Promise<Answer | null> {
    const { time, random } = this;
    const hash = JSON.stringify(what.command);
    const attempt: Attempt = {
      ...what,
      hash,
      process: process.number,
      invokedAt: time.tick(),
      answeredAt: null,
      answer: null,
    };
    this.attempts.push(attempt);
    const deadlineMs = random.pick([120, 500, 1_500]);
    const answer = this.handle(process, attempt, deadlineMs).then((known): Answer | null => {
      attempt.answeredAt = time.tick();
      attempt.answer = known;
      return known;
    });
    return time.within(deadlineMs + 100, answer, () => null);
  }

  private async handle({ runtime, time }: Process, attempt: Attempt, deadlineMs: number): Promise<Answer> {
    const { stream, commandId, userId, hash, command } = attempt;
    let decisions = 0;
    const decide = (given: PurseCommand, state: PurseState, facts: PurseFacts): readonly PurseEvent[] => {
      decisions += 1;
      if (decisions === 2) this.coverage.saw('a command was decided more than once');
      return purse.decide(given, state, facts);
    };
    try {
      const outcome = await runtime.handle({
        stream,
        decider: { ...purse, decide },
        events: purseEvents,
        commandId,
        commandHash: hash,
        userId,
        command,
        deadlineMs,
        facts: () => this.facts(runtime, time),
        envelope: ({ recordedAt }) =>
          envelopeOf({
            commandId,
            commandHash: hash,
            actor: { userId, kind: 'user', role: null },
            client: null,
            ip: null,
            on: '2026-04-01',
            recordedAt,
          }),
      });
      const { revision, position, events, replayed, quiet } = outcome;
      return { kind: replayed ? 'replayed' : quiet ? 'quiet' : 'accepted', revision, position, events };
    } catch (error) {
      if (!(error instanceof DaybookError)) throw error;
      return { kind: 'refused', code: error.code };
    }
  }

  /** Facts come late, from another stream, or not at all: never do they change what a purse may hold. */
  private async facts(runtime: CommandRuntime, time: ProcessTime): Promise<PurseFacts> {
    if (this.random.happens(0.2)) await time.sleep(this.random.below(20));
    if (this.random.happens(0.1)) await runtime.state('purse-two', { decider: purse, events: purseEvents });
    return { limit: PURSE_LIMIT, at: this.time.tick() };
  }
}
