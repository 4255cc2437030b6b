import { DaybookError } from '@daybook/kernel';
import { COMMAND_BODY_BYTES, MAX_BATCH_COMMANDS, type CommandAnswer } from '@daybook/platform';
import { z } from 'zod';
import { idempotencyKeyInput } from './request-headers.js';

/** The envelope of a batch; what stands in `args` is judged by the contract of its command, item by item. */
export const commandBatch = z.strictObject({
  commands: z
    .array(z.strictObject({ name: z.string().min(1).max(100), args: z.unknown().optional(), idempotencyKey: idempotencyKeyInput.optional() }))
    .min(1)
    .max(MAX_BATCH_COMMANDS),
});

export type BatchCommand = z.output<typeof commandBatch>['commands'][number];
export type BatchOutcome = { readonly answer: CommandAnswer } | { readonly refusal: unknown };

export interface BatchParts {
  readonly run: (command: BatchCommand) => Promise<CommandAnswer>;
  /** Nobody reads the answer any more, or the server is to end: what has not begun need not begin. */
  readonly isOver: () => boolean;
}

/**
 * One command after the other, each begun when the one before has its answer, so that a family can be made and used in
 * one batch. Not atomic: a refusal says nothing about the next command. Only where nothing can be recorded at all the
 * rest is not tried.
 */
export async function runCommandBatch(commands: readonly BatchCommand[], { run, isOver }: BatchParts): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  let rest: DaybookError | undefined;
  for (const command of commands) {
    if (rest === undefined && isOver()) rest = notBegun('SHUTTING_DOWN');
    const outcome = rest === undefined ? await outcomeOf(command, run) : { refusal: rest };
    outcomes.push(outcome);
    if (rest === undefined && 'refusal' in outcome) rest = endedBy(outcome.refusal);
  }
  return outcomes;
}

async function outcomeOf(command: BatchCommand, run: BatchParts['run']): Promise<BatchOutcome> {
  try {
    const size = Buffer.byteLength(JSON.stringify(command.args ?? {}));
    if (size > COMMAND_BODY_BYTES) throw new DaybookError('PAYLOAD_TOO_LARGE', 'The arguments of one command are larger than 256 KiB.');
    return { answer: await run(command) };
  } catch (refusal) {
    return { refusal };
  }
}

function endedBy(refusal: unknown): DaybookError | undefined {
  const code = refusal instanceof DaybookError ? refusal.code : undefined;
  if (code === 'SHUTTING_DOWN') return notBegun(code);
  return code === 'STORE_UNAVAILABLE' || code === 'OUTCOME_UNKNOWN' ? notBegun('STORE_UNAVAILABLE') : undefined;
}

function notBegun(code: 'SHUTTING_DOWN' | 'STORE_UNAVAILABLE'): DaybookError {
  return new DaybookError(code, 'This command of the batch was not begun; nothing was recorded. Send it again.', { retryAfterSeconds: 1 });
}
