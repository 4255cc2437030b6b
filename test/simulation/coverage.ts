/** Rare states a run of many histories must have met: a simulation that never saw them has proven nothing. */
export const RARE_STATES = [
  'a lost reply was found stored by the retry',
  'a lost request was stored by the retry',
  'a late request was refused by its revision',
  'a late request was stored after its caller had given up',
  'two processes met at one revision',
  'a process died between the append and the answer',
  'a command was decided more than once',
  'a batch carried several commands',
  'an outcome stayed unknown for a caller',
  'a repeat was answered by a process that had not stored it',
  'a twin waited for its twin',
  'a reused id was refused',
  'a quiet command was answered',
  'a rule refused a command',
  'a mistake failed alone',
  'the store was full',
  'the store could not be asked',
  'a queue was full',
  'the server froze with an append on its way',
  'a stream was read again after it had left the cache',
] as const;

export type RareState = (typeof RARE_STATES)[number];

export class Coverage {
  private readonly seen = new Map<RareState, number>();

  saw(state: RareState): void {
    this.seen.set(state, (this.seen.get(state) ?? 0) + 1);
  }

  missing(): readonly RareState[] {
    return RARE_STATES.filter((state) => !this.seen.has(state));
  }

  report(): string {
    return RARE_STATES.map((state) => `${String(this.seen.get(state) ?? 0).padStart(9)}  ${state}`).join('\n');
  }
}
