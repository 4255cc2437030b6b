import { readLogIdentity } from '@daybook/eventsourcing';
import type { HealthCheck } from '@daybook/platform';
import type { Projector } from '../../projector/src/index.js';
import type { Foundations } from './foundations.js';

const LAG_SECONDS_MAX = 30;

/** What this process cannot serve without, asked for real. */
export function healthChecks(foundations: Foundations, projector: Projector | undefined): HealthCheck[] {
  return [eventStoreCheck(foundations), databaseCheck(foundations), ...(projector ? [projectionCheck(projector)] : [])];
}

/** Damage does not make it unready: all other events are served. It is shown, and the log says which file and bytes. */
function eventStoreCheck({ store, logIdentity, damagedParts }: Foundations): HealthCheck {
  return {
    name: 'event store',
    action: 'Commands answer 503 until the event store can be reached again; see that it runs.',
    async check() {
      const found = await readLogIdentity(store);
      if (found?.logId !== logIdentity.logId || found.restores !== logIdentity.restores) {
        throw new Error('the event store holds another log than at the start');
      }
      return { damagedParts: damagedParts() };
    },
  };
}

function databaseCheck({ database }: Foundations): HealthCheck {
  return {
    name: 'read database',
    action: 'Queries answer 503 until Postgres can be reached again; commands go on.',
    async check() {
      await database.pool.query('select 1');
    },
  };
}

function projectionCheck({ engine }: Projector): HealthCheck {
  return {
    name: 'read models',
    action: 'The read models do not follow the log; the log of this process says why.',
    check() {
      const { state, reason, bucketSets, parked } = engine.status();
      const lagSeconds = Math.max(0, ...bucketSets.map((set) => set.lagSeconds));
      if (state === 'stopped' || state === 'starting') throw new Error(reason ?? `the projector is ${state}`);
      if (lagSeconds > LAG_SECONDS_MAX) throw new Error(`the read models are ${lagSeconds} s behind`);
      return Promise.resolve({ lagSeconds, parkedFamilies: parked });
    },
  };
}
