/** What the engine may take, hold and wait for. Every queue and cache of it is in here. */
export interface EngineLimits {
  /** Events of one transaction. */
  readonly batchEventsMax: number;
  /** Events and bytes read ahead while a transaction is under way. */
  readonly readAheadEventsMax: number;
  readonly readAheadBytesMax: number;
  /** A transaction starts at least this long after the one before; the first after a quiet time starts at once. */
  readonly batchEveryMs: number;
  /** How often a quiet group notes that it has passed events it does not want. */
  readonly checkpointEveryMs: number;
  readonly cacheBytesMax: number;
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
}

export const DEFAULT_LIMITS: EngineLimits = {
  batchEventsMax: 1_000,
  readAheadEventsMax: 2_000,
  readAheadBytesMax: 8 * 1024 * 1024,
  batchEveryMs: 10,
  checkpointEveryMs: 1_000,
  cacheBytesMax: 64 * 1024 * 1024,
  leaseMs: 10_000,
  renewEveryMs: 3_000,
  backoffMsMin: 100,
  backoffMsMax: 5_000,
};
