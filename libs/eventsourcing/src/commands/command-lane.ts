import { invariant } from '@daybook/kernel';
import { StoreUnavailableError } from '../store.js';
import { LogWentBackError, keyReused, refusalOf, tooManyWaiting } from './answers.js';
import { backoffMs, type Backoff } from './backoff.js';
import type { AcceptedCommand, CachedStream } from './cached-stream.js';
import { decideBatch, type CommandWithFacts, type DecidedBatch } from './decide-batch.js';
import { FrozenBatch } from './frozen-batch.js';
import { whileUnavailable, within } from './patience.js';
import { readReplay } from './replay.js';
import type { RuntimePorts } from './runtime-ports.js';
import { answerStored, answerUnwritten, storedEvents } from './settle-batch.js';
import type { StreamCache } from './stream-cache.js';
import type { WaitingCommand } from './waiting-command.js';

const AFTER_CONFLICT: Backoff = { baseMs: 5, capMs: 250 };

export interface LaneOptions {
  readonly stream: string;
  readonly ports: RuntimePorts;
  readonly cache: StreamCache;
  /** Ends the lane, and with it the retries of an append whose outcome nobody waits for any more. */
  readonly signal: AbortSignal;
  readonly onIdle: () => void;
  readonly onLogWentBack: (error: LogWentBackError) => void;
}

/**
 * The commands of one stream in this process, in the order they came. One turn at a time: take what waits, decide it in
 * memory, store all of its events in one append, answer. So there is never more than one append on its way to a stream,
 * and every answer that goes out stands on an append that succeeded or on a read that was begun after the command came.
 */
export class CommandLane {
  private waiting: WaitingCommand[] = [];
  private running = false;

  constructor(private readonly options: LaneOptions) {}

  add(command: WaitingCommand): void {
    this.waiting = this.waiting.filter(({ isOpen }) => isOpen);
    if (this.waiting.length >= this.options.ports.limits.laneQueue) return command.refuse(tooManyWaiting());
    this.waiting.push(command);
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const commands = this.waiting.splice(0, this.options.ports.limits.batchCommands);
      try {
        await this.turn(commands);
      } catch (error) {
        this.fail(commands, error);
      }
    }
    this.running = false;
    this.options.onIdle();
  }

  /** Ends when every command has its answer or is back in the queue. */
  private async turn(commands: readonly WaitingCommand[]): Promise<void> {
    const [first] = commands;
    if (first === undefined) return;
    const known = this.options.cache.known(this.options.stream, first.request);
    let stream = known ?? (await this.refresh(first));
    // Proven: the state is one the stream had after all of these commands had come.
    let proven = known === undefined;
    let open = commands.filter(({ isOpen }) => isOpen);
    for (let conflicts = 0; open.length > 0; open = open.filter(({ isOpen }) => isOpen)) {
      const batch = await this.decide(stream, open);
      open = open.filter((command) => !batch.deferred.includes(command));
      if (batch.accepted.length > 0) {
        if (await this.append(stream, batch)) return;
        conflicts += 1;
        if (conflicts > 1) await this.pause(backoffMs(AFTER_CONFLICT, conflicts, this.options.ports.random));
      } else if (proven) {
        return answerAll(batch);
      }
      stream = await this.refresh(first);
      proven = true;
      if (batch.accepted.length === 0 && stream.revision === batch.decidedAt.revision) return answerAll(batch);
    }
  }

  /** Repeats are answered from the store at once; what has no room goes back to the head of the queue. */
  private async decide(stream: CachedStream, open: readonly WaitingCommand[]): Promise<DecidedBatch> {
    const isNew = (command: WaitingCommand): boolean => {
      const before = stream.commands.get(command.request.commandId);
      if (before !== undefined) void this.answerRepeat(command, before);
      return before === undefined;
    };
    const withFacts = await Promise.all(open.filter(isNew).map((command) => this.withFacts(command)));
    // While facts were awaited, a deadline may have passed and the stream may have advanced.
    const ready = withFacts.filter(({ command }) => command.isOpen && isNew(command));
    const batch = decideBatch(stream, ready, this.options.ports);
    this.waiting.unshift(...batch.deferred);
    return batch;
  }

  private async withFacts(command: WaitingCommand): Promise<CommandWithFacts> {
    const { timers, limits } = this.options.ports;
    try {
      const asked = Promise.resolve().then(() => command.request.facts());
      return { command, facts: { value: await within(timers, limits.factsDeadlineMs, asked) } };
    } catch (error) {
      return { command, facts: { error } };
    }
  }

  /** False when nothing was stored and all of it must be decided anew. */
  private async append(stream: CachedStream, decided: DecidedBatch): Promise<boolean> {
    const { accepted, unwritten, decidedAt } = decided;
    const newEvents = accepted.flatMap((decision) => decision.newEvents);
    const batch = new FrozenBatch(this.options.stream, newEvents, decidedAt.revision);
    for (const { command } of accepted) command.batch = batch;
    // Whoever has been told that nothing was recorded must be right for ever.
    const isWanted = (): boolean => accepted.every(({ command }) => command.isOpen);
    const resolution = await batch.store(this.options.ports, isWanted, this.options.signal);
    for (const { command } of accepted) command.batch = null;
    switch (resolution.kind) {
      case 'stored': {
        const { result } = resolution;
        invariant(result.revision === decidedAt.revision + BigInt(newEvents.length), 'an append ends where it must');
        answerStored(decided, result);
        this.options.cache.commit(stream, storedEvents(this.options.stream, decided, result));
        return true;
      }
      case 'conflict':
        if (resolution.actual >= decidedAt.revision) return false;
        throw new LogWentBackError(
          `stream ${this.options.stream} is at ${resolution.actual}, this process has seen ${decidedAt.revision}`,
        );
      case 'unwanted':
        return false;
      case 'refused':
        if (resolution.error instanceof StoreUnavailableError) throw resolution.error;
        for (const { command } of accepted) command.refuse(refusalOf(resolution.error));
        // Their decisions stood on events that will never be.
        this.waiting.unshift(...unwritten.map(({ command }) => command));
        return true;
      default:
        throw new TypeError(`unknown resolution ${JSON.stringify(resolution satisfies never)}`);
    }
  }

  private async answerRepeat(command: WaitingCommand, before: AcceptedCommand): Promise<void> {
    const { request } = command;
    if (before.commandHash !== request.commandHash || before.userId !== request.userId) {
      return command.refuse(keyReused(request.commandId));
    }
    try {
      command.accept(await readReplay(request, before, this.options.ports));
    } catch (error) {
      this.fail([command], error);
    }
  }

  private refresh({ request }: WaitingCommand): Promise<CachedStream> {
    const { cache, ports, signal, stream } = this.options;
    return whileUnavailable(() => cache.refresh(stream, request), ports.limits.unavailableMs, ports, signal);
  }

  private async pause(milliseconds: number): Promise<void> {
    await this.options.ports.timers.sleep(milliseconds, this.options.signal);
  }

  private fail(commands: readonly WaitingCommand[], error: unknown): void {
    if (error instanceof LogWentBackError) this.options.onLogWentBack(error);
    else if (!(error instanceof StoreUnavailableError) && !this.options.signal.aborted) {
      this.options.ports.log.error('a stream takes no commands', { stream: this.options.stream, error });
    }
    for (const command of commands) command.giveUp(refusalOf(error));
  }
}

function answerAll({ unwritten, decidedAt }: DecidedBatch): void {
  for (const decision of unwritten) answerUnwritten(decision, decidedAt.position);
}
