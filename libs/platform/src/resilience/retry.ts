import type { Clock, Random, Timers } from '@daybook/kernel';
import type { Deadline } from './deadline.js';
import type { RetryBudget } from './retry-budget.js';

export interface RetryPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

export interface RetryPolicy {
  /** Said by whoever knows the call: doing it twice has the effect of once. Otherwise there is one try. */
  readonly isIdempotent: boolean;
  /** Is it worth another try? Never for a refusal, never for an open breaker. */
  readonly isTransient: (error: unknown) => boolean;
  readonly deadline: Deadline;
  readonly budget: RetryBudget;
}

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  readonly deadline: Deadline;
}

const MAX_TRIES = 3;
const BASE_MS = 50;
const CAP_MS = 2_000;

/**
 * Tries again with full jitter (a uniformly random part of a doubling span), as long as tries, budget and deadline
 * last. A pause that would end after the deadline is not begun. The last error is the caller's.
 */
export async function retry<Value>(
  operation: (attempt: Attempt) => Promise<Value>,
  policy: RetryPolicy,
  ports: RetryPorts,
): Promise<Value> {
  const { budget, deadline } = policy;
  budget.noteCall();
  for (let number = 1; ; number += 1) {
    try {
      return await operation({ number, deadline });
    } catch (error) {
      const mayAgain = policy.isIdempotent && number < MAX_TRIES && policy.isTransient(error);
      if (!mayAgain) throw error;
      const pauseMs = ports.random.fraction() * spanBefore(number + 1);
      if (pauseMs >= deadline.remainingMs() || !budget.take()) throw error;
      await ports.timers.sleep(pauseMs);
    }
  }
}

function spanBefore(attempt: number): number {
  return Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 2));
}
