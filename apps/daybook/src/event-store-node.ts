import type { Clock, Log, Timers } from '@daybook/kernel';
import { StartError } from '@daybook/platform';
import {
  EventStoreStartError,
  ExitCode,
  startEventStoreNode,
  type EventStoreNode,
  type NodeMessage,
} from '../../eventstore/src/index.js';

export interface NodeOptions {
  readonly dir: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface SupervisedNode {
  readonly port: number;
  /** Events in the log when it was opened. */
  readonly events: number;
  /** Parts of the log its scrub has found damaged since it was last started. */
  damagedParts(): number;
  /** Settles with the reason when the node has ended and does not come back. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

/** A disk that fails every write would otherwise be opened for ever. */
const RESTARTS_A_MINUTE = 5;
const MINUTE_MS = 60_000;
const PAUSE_MS = 200;

/**
 * Starts the node and starts it again when it dies: its answer to a failed write is to end, and what it holds after a
 * restart is what the disk holds. Commands answer 503 meanwhile; reads and sockets go on.
 */
export async function superviseNode(options: NodeOptions): Promise<SupervisedNode> {
  let damaged = 0;
  const begin = (port: number): Promise<EventStoreNode> => {
    damaged = 0;
    return start(options, port, () => (damaged += 1));
  };
  let node = await begin(options.port);
  const { port, events } = node;
  let isStopping = false;
  const restarts: number[] = [];

  async function watch(): Promise<string> {
    for (;;) {
      const { code, signal } = await node.exited;
      if (isStopping) return 'it was stopped';
      const reason = signal ?? `exit code ${code}`;
      const { clock, log, timers } = options;
      while ((restarts[0] ?? Infinity) < clock.monotonic() - MINUTE_MS) restarts.shift();
      if (restarts.push(clock.monotonic()) > RESTARTS_A_MINUTE) return `it ended again and again (${reason})`;
      log.error('The event store node ended; starting it again', { reason });
      await timers.sleep(PAUSE_MS);
      try {
        node = await begin(port);
      } catch (error) {
        return error instanceof StartError ? error.report : String(error);
      }
      if (isStopping) await node.stop();
    }
  }

  return {
    port,
    events,
    damagedParts: () => damaged,
    lost: watch(),
    async stop() {
      isStopping = true;
      await node.stop();
    },
  };
}

async function start({ dir, log }: NodeOptions, port: number, onDamage: () => void): Promise<EventStoreNode> {
  const onLine = (line: string): void => log.warn('The event store node says', { line });
  const onMessage = (message: NodeMessage): void => ('damage' in message ? onDamage() : undefined);
  try {
    return await startEventStoreNode({ dir, port, onLine, onMessage });
  } catch (error) {
    if (!(error instanceof EventStoreStartError)) throw error;
    throw new StartError(`The event store node cannot start: ${error.message}`, whatToDo(error.exitCode, dir), {
      cause: error,
    });
  }
}

function whatToDo(exitCode: number | null, dir: string): string {
  switch (exitCode) {
    case ExitCode.DIRECTORY_LOCKED:
      return 'Stop the other one first, or give this one a directory of its own in DAYBOOK_DATA_DIR.';
    case ExitCode.PORT_TAKEN:
      return 'Set EVENTSTORE_PORT=0 to take any free port.';
    case ExitCode.NEWER_FORMAT:
      return 'Start the newer version that wrote it; nothing was changed.';
    case ExitCode.DAMAGED_LOG:
      return `Nothing was changed. Restore a backup of ${dir}, or see docs/eventstore.md on damage.`;
    case ExitCode.DISK_FULL:
      return 'Free some space and start again; nothing acknowledged was lost.';
    case null:
    default:
      return 'See docs/eventstore.md for what each message means.';
  }
}
