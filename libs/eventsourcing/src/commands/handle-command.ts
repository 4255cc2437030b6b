import type { DaybookError } from '@daybook/kernel';
import type { DomainEvent } from '../decider.js';
import type { Position, RecordedEvent, Revision } from '../store.js';
import { LogWentBackError, refusalOf, shuttingDown, storeUnavailable } from './answers.js';
import type { CachedStream } from './cached-stream.js';
import { CommandLane } from './command-lane.js';
import {
  DEFAULT_LIMITS,
  type AnyFold,
  type AnyRequest,
  type CommandLimits,
  type CommandRequest,
  type Outcome,
  type StreamFold,
} from './command-request.js';
import { whileUnavailable } from './patience.js';
import type { RuntimePorts } from './runtime-ports.js';
import { StreamCache } from './stream-cache.js';
import { WaitingCommand } from './waiting-command.js';

export interface RuntimeOptions extends Omit<RuntimePorts, 'limits' | 'nameDecision'> {
  readonly limits?: Partial<CommandLimits>;
  /** The store has lost events this process has seen. The runtime is over; so should the process be. */
  readonly onLogWentBack?: (error: LogWentBackError) => void;
}

/** A stream's state with its place in the stream and in the log; position zero before the first event. */
export interface StreamState<State> {
  readonly state: State;
  readonly revision: Revision;
  readonly position: Position;
}

export interface CommandRuntime {
  /** Carries a command out once, however often and wherever it is sent. Rejects with DaybookError and nothing else. */
  handle<State, Command, Event extends DomainEvent, Facts>(
    request: CommandRequest<State, Command, Event, Facts>,
  ): Promise<Outcome<Event>>;
  /** What this process knows of a stream, asking only when it knows nothing: fast, and possibly old. */
  state<State, Event extends DomainEvent>(stream: string, fold: StreamFold<State, Event>): Promise<StreamState<State>>;
  /** A state the stream had after the call began. */
  read<State, Event extends DomainEvent>(stream: string, fold: StreamFold<State, Event>): Promise<StreamState<State>>;
  /** Tells the runtime of events a subscription has delivered, so that what it knows stays young. */
  observe(events: readonly RecordedEvent[]): void;
  /** Takes no more commands and ends when every one that was taken has its answer. */
  close(): Promise<void>;
}

export function createCommandRuntime({ onLogWentBack, ...options }: RuntimeOptions): CommandRuntime {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const ports: RuntimePorts = { ...options, limits, nameDecision: decisionNames(options.random.uuid()) };
  const cache = new StreamCache(ports.store, ports.limits);
  const lanes = new Map<string, CommandLane>();
  const open = new Set<WaitingCommand>();
  const ending = new AbortController();
  let refuseAll: (() => DaybookError) | null = null;

  function laneOf(stream: string): CommandLane {
    const running = lanes.get(stream);
    if (running !== undefined) return running;
    const onIdle = (): boolean => lanes.delete(stream);
    const lane = new CommandLane({ stream, ports, cache, signal: ending.signal, onIdle, onLogWentBack: stop });
    lanes.set(stream, lane);
    return lane;
  }

  function stop(error: LogWentBackError): void {
    if (ending.signal.aborted) return;
    ports.log.error('the log went back; this process takes no more commands', { error });
    refuseAll = storeUnavailable;
    for (const command of open) command.giveUp();
    ending.abort();
    onLogWentBack?.(error);
  }

  async function handle(request: AnyRequest): Promise<Outcome<DomainEvent>> {
    if (refuseAll !== null) throw refuseAll();
    if (open.size >= ports.limits.commands) throw storeUnavailable();
    const command = new WaitingCommand(request, ports);
    open.add(command);
    laneOf(request.stream).add(command);
    try {
      return await command.answered;
    } finally {
      open.delete(command);
    }
  }

  async function read(stream: string, fold: AnyFold): Promise<CachedStream> {
    try {
      const refresh = (): Promise<CachedStream> => cache.refresh(stream, fold);
      return await whileUnavailable(refresh, ports.limits.unavailableMs, ports, ending.signal);
    } catch (error) {
      if (error instanceof LogWentBackError) stop(error);
      throw refusalOf(error);
    }
  }

  return {
    // A lane holds commands of many types side by side; each is only ever given to its own decider.
    handle: (request) => handle(request as unknown as AnyRequest) as Promise<Outcome<never>>,
    async state(stream, fold) {
      const known = cache.known(stream, fold as AnyFold);
      return snapshotOf(known ?? (await read(stream, fold as AnyFold)));
    },
    read: async (stream, fold) => snapshotOf(await read(stream, fold as AnyFold)),
    observe: (events) => cache.observe(events),
    async close() {
      refuseAll ??= shuttingDown;
      await Promise.allSettled([...open].map(({ answered }) => answered));
      ending.abort();
    },
  };
}

function decisionNames(runtimeId: string): () => string {
  let decided = 0;
  return () => {
    decided += 1;
    return `${runtimeId}/${decided}`;
  };
}

function snapshotOf({ state, revision, position }: CachedStream): StreamState<never> {
  return { state: state as never, revision, position };
}
