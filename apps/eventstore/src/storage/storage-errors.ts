/** Why a data directory cannot be served. Each says which file, and what a person can do. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
  constructor(file: string, from: number, to: number, reason: string) {
    super(
      `${file} is damaged in bytes ${from} to ${to}: ${reason}. ` +
        'Nothing was changed. Restore this file from a backup, or start with an empty directory.',
    );
  }
}

export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError';
  constructor(file: string, found: number, known: number) {
    super(
      `${file} was written by format ${found}, this program knows up to ${known}. ` +
        'Run the newer version of Daybook that wrote it.',
    );
  }
}
