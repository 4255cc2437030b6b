/** Bytes of a file that are not what was written there. */
export interface Damage {
  readonly file: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly reason: string;
}

export function describeDamage({ file, from, to, reason }: Damage): string {
  return `${file} is damaged in bytes ${from} to ${to}: ${reason}.`;
}

/** Why a data directory cannot be served. Each says which file, and what a person can do. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
  readonly damage: Damage;
  constructor(file: string, from: number, to: number, reason: string) {
    const damage = { file, from, to, reason };
    const whatToDo = 'Nothing was changed. Restore this file from a backup, or start with an empty directory.';
    super(`${describeDamage(damage)} ${whatToDo}`);
    this.damage = damage;
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
