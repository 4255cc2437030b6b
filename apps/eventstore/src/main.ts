import fs from 'node:fs';
// Not through the library's front door: a process that only stores events loads neither Nest nor a Postgres driver.
import { DirectoryLockedError, lockDirectory, systemClock, systemRandom } from '../../../libs/platform/src/system/index.js';
import { readCommandLine, UsageError } from './command-line.js';
import { ExitCode, type ExitCodeValue } from './exit-codes.js';
import { openNode } from './node.js';
import { DamagedLogError, NewerFormatError } from './storage/storage-errors.js';

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

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2), process.env);
  fs.mkdirSync(options.directory, { recursive: true });
  const lock = await lockDirectory(options.directory);
  const node = await openNode({ ...options, clock: systemClock, random: systemRandom, onFailure: failedToWrite });
  if (node.tornBytes > 0) {
    fs.writeSync(STDERR, `Dropped ${node.tornBytes} bytes of a write that was cut off and never acknowledged.\n`);
  }

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
