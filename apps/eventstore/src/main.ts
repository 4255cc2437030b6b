import fs from 'node:fs';
// Not through the library's front door: a process that only stores events loads neither Nest nor a Postgres driver.
import {
  DirectoryLockedError,
  lockDirectory,
  systemClock,
  systemRandom,
  systemTimers,
} from '../../../libs/platform/src/system/index.js';
import { readCommandLine, UsageError, type CommandLine } from './command-line.js';
import { ExitCode, type ExitCodeValue } from './exit-codes.js';
import { FaultSwitches, type FaultOrder } from './faults/fault-switches.js';
import { openNode, type RunningNode } from './node.js';
import type { ScrubOptions } from './scrub/scrub.js';
import { DamagedLogError, describeDamage, NewerFormatError } from './storage/storage-errors.js';

const STDERR = 2;

function endProcess(code: ExitCodeValue, message: string): never {
  fs.writeSync(STDERR, `${message}\n`);
  process.exit(code);
}

function failedToStart(error: unknown): never {
  const { code, message } = describe(error);
  if (error instanceof UsageError) endProcess(ExitCode.USAGE, message);
  if (error instanceof DirectoryLockedError) endProcess(ExitCode.DIRECTORY_LOCKED, `${message} ${error.hint}`);
  if (error instanceof NewerFormatError) endProcess(ExitCode.NEWER_FORMAT, message);
  if (error instanceof DamagedLogError) endProcess(ExitCode.DAMAGED_LOG, message);
  if (code === 'EADDRINUSE') {
    endProcess(ExitCode.PORT_TAKEN, `EADDRINUSE: the port is taken (${message}). Name another one with --port.`);
  }
  if (code === 'ENOSPC') endProcess(ExitCode.DISK_FULL, `The event store's disk is full: ${message}. Free some space.`);
  if (code === 'EIO') endProcess(ExitCode.WRITE_FAILED, `The event store's disk fails: ${message}. Check it, then start again.`);
  endProcess(ExitCode.UNEXPECTED, `The event store cannot start: ${message}.`);
}

/** After a failed sync the kernel may have dropped what it could not write: a retry would succeed and prove nothing. */
function failedToWrite(error: unknown): never {
  const { code, message } = describe(error);
  const stopped = 'The event store has stopped: what was being written was not acknowledged';
  if (code === 'ENOSPC') endProcess(ExitCode.DISK_FULL, `${stopped}. The disk is full: free some space, start again.`);
  endProcess(ExitCode.WRITE_FAILED, `${stopped} (${message}). Check the disk, then start again.`);
}

function describe(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  return { code: (error as NodeJS.ErrnoException).code, message: error.message };
}

function say(line: string): void {
  fs.writeSync(STDERR, `${line}\n`);
}

/** The parent process is told by messages, people by lines. */
function scrubOptions({ scrubBytesPerSecond, scrubPauseMs }: CommandLine): Omit<ScrubOptions, 'log' | 'clock'> {
  return {
    bytesPerSecond: scrubBytesPerSecond,
    pauseMs: scrubPauseMs,
    timers: systemTimers,
    onDamage: (damage) => {
      say(`${describeDamage(damage)} Events there are refused, all others are served. Restore this file from a backup.`);
      process.send?.({ damage });
    },
    onPass: (scrubbed) => process.send?.({ scrubbed }),
    onTrouble: (error) => say(`The log could not be scrubbed to its end: ${describe(error).message}.`),
  };
}

function takeOrders(faults: FaultSwitches): void {
  say('This event store fails when it is told to: it was started with --faults, for tests.');
  process.on('message', (order) => {
    faults.order(order as FaultOrder);
    process.send?.({ ordered: order });
  });
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2), process.env);
  fs.mkdirSync(options.directory, { recursive: true });
  const lock = await lockDirectory(options.directory);
  const faults = options.failsOnOrder ? new FaultSwitches({ host: options.host, port: () => node.port }) : undefined;
  const node: RunningNode = await openNode({
    ...options,
    clock: systemClock,
    random: systemRandom,
    onFailure: failedToWrite,
    ...(options.scrubBytesPerSecond > 0 && { scrub: scrubOptions(options) }),
    ...(faults && { faults }),
  });
  if (node.tornBytes > 0) say(`Dropped ${node.tornBytes} bytes of a write that was cut off and never acknowledged.`);
  for (const file of node.distrusted) say(`${file} failed its checksum; the segment was read instead, and nothing is lost.`);
  if (faults) takeOrders(faults);

  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= (async () => {
      await node.stop();
      await lock.release();
      process.exit(ExitCode.STOPPED);
    })();
    stopping.catch(failedToWrite);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The parent is gone, however it ended: nobody would ever stop this process.
  process.on('disconnect', stop);
  if (process.send && !process.connected) stop();

  const ready = { ready: true, port: node.port, dir: options.directory, events: node.events, openMs: node.openMs };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
}

process.on('uncaughtException', (error) => endProcess(ExitCode.UNEXPECTED, `The event store has failed: ${error.stack}`));
main().catch(failedToStart);
