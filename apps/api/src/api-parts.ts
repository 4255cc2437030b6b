import type { LogIdentity } from '@daybook/eventsourcing';
import type { Random } from '@daybook/kernel';
import type { Authentication, Health, TestClock } from '@daybook/platform';
import type { Space } from '@daybook/projections';

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
  readonly random: Random;
  /** Keyed, so that a stored digest tells nothing about names and notes. */
  readonly commandHash: (canonicalBody: string) => string;
  /** Whether the space's read models have reached the position before the time was over. */
  readonly waitUntilProjected: (space: Space, position: bigint, timeoutMs: number) => Promise<boolean>;
  readonly health: Health;
  /** While the read models have yet to catch up for the first time: since when. */
  readonly catchingUp: () => { readonly since: string; readonly reason: string } | undefined;
}

export const API_PARTS = Symbol('what the HTTP face needs');
