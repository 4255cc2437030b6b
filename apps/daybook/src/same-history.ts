import type { EventStore, LogIdentity } from '@daybook/eventsourcing';
import { householdGroup } from '@daybook/household';
import { StartError } from '@daybook/platform';
import { assertFoldedFrom, forgetGroup, OtherLogError } from '@daybook/projections';
import type { Pool } from 'pg';

interface Choice {
  readonly forget: boolean;
}

/** The read models remember how far the log was. A log that is another one, or shorter now, is not written to. */
export async function requireSameHistory(
  log: LogIdentity,
  store: EventStore,
  pool: Pool,
  { forget }: Choice,
): Promise<void> {
  if (forget) await forgetGroup(pool, householdGroup);
  try {
    await assertFoldedFrom(log, store, pool, householdGroup.name);
  } catch (cause) {
    if (!(cause instanceof OtherLogError)) throw cause;
    throw new StartError(
      `The event store does not hold the history this instance has shown: ${cause.message}.`,
      'Put the right log back. If this one is meant, what came after it is lost; go on with: npm start -- --forget-read-models',
      { cause },
    );
  }
}
