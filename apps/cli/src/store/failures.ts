import { CopyDiffersError, CopyRefusedError } from '@daybook/eventsourcing';
import { StartError } from '@daybook/platform';
import { EventStoreStartError, ExitCode, NewerFormatError, UnreadableLogError } from '../../../eventstore/src/index.js';
import { CliExit, type CliExitCode } from '../exit-codes.js';

/** The words that cannot be used as they are; said before anything is opened. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
}

/** Runs a verb: its result is the exit code, its failure one sentence on stderr. */
export async function endWith(work: () => Promise<CliExitCode>, signal?: AbortSignal): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    if (signal?.aborted) {
      process.stderr.write('\ndaybook: stopped; run the same command again to go on\n');
      process.exit(CliExit.INTERRUPTED);
    }
    process.stderr.write(`daybook: ${sentenceOf(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

export function exitCodeOf(error: unknown): CliExitCode {
  if (error instanceof PlaceError) return CliExit.USAGE;
  if (error instanceof CopyDiffersError) return CliExit.DIFFERENT;
  if (error instanceof UnreadableLogError || error instanceof NewerFormatError) return CliExit.CANNOT_VERIFY;
  if (error instanceof CopyRefusedError || error instanceof StartError) return CliExit.REFUSED;
  if (error instanceof EventStoreStartError) return exitCodeOfStart(error);
  // A node that reads a damaged event says so in its answer.
  if (error instanceof Error && error.message.includes('DATA_LOSS')) return CliExit.DAMAGED;
  return CliExit.FAILED;
}

function exitCodeOfStart({ exitCode }: EventStoreStartError): CliExitCode {
  if (exitCode === ExitCode.DIRECTORY_LOCKED) return CliExit.REFUSED;
  if (exitCode === ExitCode.DAMAGED_LOG) return CliExit.DAMAGED;
  if (exitCode === ExitCode.NEWER_FORMAT) return CliExit.CANNOT_VERIFY;
  return CliExit.FAILED;
}

function sentenceOf(error: unknown): string {
  if (error instanceof StartError) return error.report;
  return error instanceof Error ? error.message : String(error);
}
