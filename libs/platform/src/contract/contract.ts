import type { ErrorCode } from '@daybook/kernel';
import type { z } from 'zod';

/**
 * A message is described once, here: HTTP, OpenAPI, the command line and the tests are derived from it. A contract
 * lives in its feature's folder; a feature that has no contract cannot be reached from outside.
 */
interface MessageContract<Args extends z.ZodType, Answer extends z.ZodType> {
  readonly name: string;
  /** One sentence for people who choose between messages. */
  readonly summary: string;
  readonly args: Args;
  readonly answer: Answer;
  /** Codes this message answers beside those every message may (authentication, validation, availability). */
  readonly refusals: readonly ErrorCode[];
  /** Arguments that work as they stand; run as a test. */
  readonly example: z.input<Args>;
}

export interface CommandContract<Args extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType>
  extends MessageContract<Args, Answer> {
  readonly kind: 'command';
}

export interface QueryContract<Args extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType>
  extends MessageContract<Args, Answer> {
  readonly kind: 'query';
}

export function defineCommand<Args extends z.ZodType, Answer extends z.ZodType>(
  contract: MessageContract<Args, Answer>,
): CommandContract<Args, Answer> {
  return { kind: 'command', ...contract };
}

export function defineQuery<Args extends z.ZodType, Answer extends z.ZodType>(
  contract: MessageContract<Args, Answer>,
): QueryContract<Args, Answer> {
  return { kind: 'query', ...contract };
}

/** Every message may answer these. */
export const COMMON_REFUSALS: readonly ErrorCode[] = [
  'VALIDATION_FAILED',
  'UNAUTHENTICATED',
  'AUTH_UNAVAILABLE',
  'ACTOR_MISMATCH',
  'RATE_LIMITED',
  'SHUTTING_DOWN',
  'INTERNAL',
];

export const COMMAND_REFUSALS: readonly ErrorCode[] = [
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'OUTCOME_UNKNOWN',
  'STORE_UNAVAILABLE',
  'STORAGE_FULL',
];

export const QUERY_REFUSALS: readonly ErrorCode[] = [
  'PROJECTION_BEHIND',
  'PROJECTION_PARKED',
  'POSITION_OTHER_LOG',
  'DATABASE_UNAVAILABLE',
];
