import { AsyncLocalStorage } from 'node:async_hooks';
import type { ControlledTransaction } from 'kysely';

/** One snapshot of the database for everybody who reads on behalf of one batch of questions. */
export interface SharedSnapshot {
  readonly group: string;
  readonly trx: ControlledTransaction<unknown>;
  /** What all of them are at: no bucket is behind it. */
  readonly position: bigint;
  readonly minPosition: bigint | undefined;
}

const storage = new AsyncLocalStorage<SharedSnapshot>();

export function sharing<Result>(snapshot: SharedSnapshot, work: () => Promise<Result>): Promise<Result> {
  return storage.run(snapshot, work);
}

/** The one this read is a part of, if it is; groups have read models and positions of their own. */
export function sharedSnapshot(group: string): SharedSnapshot | undefined {
  const shared = storage.getStore();
  return shared?.group === group ? shared : undefined;
}
