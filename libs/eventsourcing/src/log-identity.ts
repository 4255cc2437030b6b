/**
 * A log is named by the LogOpened event at its start: a position, a cursor or a checkpoint of one log means nothing in
 * another. A restore or a copy writes its own LogOpened, so the epoch changes although the events are the same.
 */
export const LOG_STREAM = 'daybook-log';

export interface LogIdentity {
  readonly logId: string;
  /** How many LogOpened events came before the current one. */
  readonly restores: number;
}
