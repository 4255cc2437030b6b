import type { Clock, Random } from '@daybook/kernel';
import type { LogIdentity } from '@daybook/eventsourcing';
import type { Space } from '@daybook/projections';
import type { Authenticator, DevTokens, HealthReport } from '@daybook/platform';

/** What the HTTP face needs of the rest of the program; the launcher puts it together. */
export interface ApiParts {
  readonly version: string;
  readonly publicUrl: () => string;
  readonly authMode: 'dev' | 'oidc';
  readonly issuer: string | undefined;
  readonly authenticator: Authenticator;
  /** Only in dev mode: hands out tokens to whoever asks. */
  readonly devTokens: DevTokens | undefined;
  readonly log: LogIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly commandHash: (canonicalBody: string) => string;
  readonly waitUntilProjected: (space: Space, position: bigint, timeoutMs: number) => Promise<boolean>;
  readonly readiness: () => Promise<HealthReport>;
}

export const API_PARTS = Symbol('what the HTTP face needs');
