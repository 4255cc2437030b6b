import type { LogIdentity } from '@daybook/eventsourcing';
import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import type { Authentication, Edge, Health, Ops, TestClock } from '@daybook/platform';
import type { Space } from '@daybook/projections';
import type { Projected } from './projected.js';

/** What the HTTP face needs of the rest of the program; the launcher puts it together. */
export interface ApiParts {
  readonly version: string;
  readonly publicUrl: () => string;
  readonly authentication: Authentication;
  /** Who signs the tokens; undefined in dev mode. */
  readonly issuer: string | undefined;
  /** In dev mode only: the clock of all roles of this process. */
  readonly testClock: TestClock | undefined;
  readonly log: LogIdentity;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Log;
  readonly ops: Pick<Ops, 'rememberAnswer' | 'recallAnswer'>;
  readonly edge: Edge;
  /** Keyed, so that a stored digest tells nothing about names and notes. */
  readonly commandHash: (canonicalBody: string) => string;
  /** Ends when the space's read models have reached the position, when they never will, or when the time is over. */
  readonly untilProjected: (space: Space, position: bigint, timeoutMs: number) => Promise<Projected>;
  /** Answers every question asked inside `work` at one position, which is at least `minPosition`. */
  readonly inOneSnapshot: <Result>(
    minPosition: bigint | undefined,
    timeoutMs: number,
    work: (position: bigint) => Promise<Result>,
  ) => Promise<Result>;
  /** How far all read models are. */
  readonly currentPosition: () => Promise<bigint>;
  readonly health: Health;
  /** While the read models have yet to catch up for the first time: since when. */
  readonly catchingUp: () => { readonly since: string; readonly reason: string } | undefined;
}

export const API_PARTS = Symbol('what the HTTP face needs');
