export interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly resolved?: string;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** The lock file with an entry for every optional package and without download addresses. */
export function completed(lock: LockFile): LockFile;

/** What keeps the lock file from being complete, one sentence each. */
export function faultsOf(lock: LockFile): string[];
