import type { PurseCommand, PurseEvent } from './purse.js';

/** What happened, as seen from outside: plain data, the only thing the checker looks at. Times are places in one order. */
export interface Attempt {
  readonly stream: string;
  readonly commandId: string;
  readonly userId: string;
  readonly hash: string;
  readonly command: PurseCommand;
  readonly process: number;
  readonly invokedAt: number;
  answeredAt: number | null;
  answer: Answer | null;
}

export type Answer =
  | {
      readonly kind: 'accepted' | 'replayed' | 'quiet';
      readonly revision: bigint;
      readonly position: bigint;
      readonly events: readonly PurseEvent[];
    }
  | { readonly kind: 'refused'; readonly code: string };

export interface LoggedEvent {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly commandId: string;
  readonly userId: string;
  readonly hash: string;
  readonly revision: bigint;
  readonly position: bigint;
  /** When the store committed it. */
  readonly committedAt: number;
}

export interface History {
  readonly seed: number;
  readonly attempts: readonly Attempt[];
  readonly log: readonly LoggedEvent[];
  /** False when some client was still waiting long after every fault had been healed. */
  readonly converged: boolean;
}
