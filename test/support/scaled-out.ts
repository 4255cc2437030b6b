import path from 'node:path';
import { startEventStoreNode } from '../../apps/eventstore/src/index.js';
import { Instance } from './instance.js';

export interface ScaledOutOptions {
  readonly directory: string;
  /** Empty databases of a server that all processes reach. */
  readonly databases: { readonly read: string; readonly ops: string; readonly vault: string };
  readonly apis: number;
}

export interface ScaledOut {
  /** Processes that take commands; the first also keeps the read models. */
  readonly apis: readonly Instance[];
  close(): Promise<void>;
}

const MASTER_KEY = '5a'.repeat(32);

/** Several processes over one event store and one Postgres: the scaled-out form, on one machine. */
export async function startScaledOut({ directory, databases, apis }: ScaledOutOptions): Promise<ScaledOut> {
  const node = await startEventStoreNode({ dir: path.join(directory, 'eventstore') });
  const instances: Instance[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(instances.map((instance) => instance.interrupt()));
    await node.stop();
  };
  try {
    for (let index = 0; index < apis; index += 1) {
      const environment = {
        DAYBOOK_ROLES: index === 0 ? 'api,projector' : 'api',
        // An empty value counts as none: there is no embedded node here.
        EVENTSTORE_PORT: '',
        EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
        DATABASE_URL: databases.read,
        OPS_DATABASE_URL: databases.ops,
        VAULT_DATABASE_URL: databases.vault,
        VAULT_MASTER_KEY: MASTER_KEY,
      };
      instances.push(await Instance.start({ dataDirectory: path.join(directory, `api-${index}`), environment }));
    }
    return { apis: instances, close };
  } catch (error) {
    await close();
    throw error;
  }
}
