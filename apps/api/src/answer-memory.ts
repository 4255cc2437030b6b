import { formatPosition, parsePosition, type LogIdentity } from '@daybook/eventsourcing';
import { DaybookError, type Clock, type Log, type Random, type Timers } from '@daybook/kernel';
import { CircuitBreaker, type CommandAnswer, type Ops } from '@daybook/platform';

export interface AnswerMemoryParts {
  readonly ops: Pick<Ops, 'rememberAnswer' | 'recallAnswer'>;
  readonly identity: LogIdentity;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

interface Kept {
  readonly position: string;
  readonly space: CommandAnswer['space'];
  readonly result: CommandAnswer['result'];
}

/** A memory that does not answer must not make commands slow. */
const WITHIN_MS = 500;

/**
 * What was answered under a key and no stream remembers: for a day, in the ops database. While that is away, commands
 * go on without it: a command with nothing to do is then decided anew when it is repeated.
 */
export class AnswerMemory {
  private readonly breaker: CircuitBreaker;

  constructor(private readonly parts: AnswerMemoryParts) {
    this.breaker = new CircuitBreaker({
      ...parts,
      refusal: { code: 'DATABASE_UNAVAILABLE', detail: 'The ops database does not answer.' },
      isFailure: () => true,
    });
  }

  /** The first answer again; undefined when there is none, or when nobody can tell. */
  async recall(commandId: string, commandHash: string): Promise<CommandAnswer | undefined> {
    const found = await this.ask('recall', () => this.parts.ops.recallAnswer<Kept>(commandId));
    if (found === undefined) return undefined;
    if (found.commandHash !== commandHash) {
      throw new DaybookError('IDEMPOTENCY_KEY_REUSED', 'Another command was answered under this key; choose a new one.', { commandId });
    }
    const { position, space, result } = found.answer;
    const known = this.positionOf(position);
    return known === undefined ? undefined : { commandId, position: known, space, result, replayed: true, quiet: true };
  }

  async remember(commandHash: string, { commandId, position, space, result }: CommandAnswer): Promise<void> {
    const answer: Kept = { position: formatPosition(this.parts.identity, position), space, result };
    await this.ask('remember', () => this.parts.ops.rememberAnswer(commandId, { commandHash, answer }));
  }

  /** An answer from before a restore says nothing about this log. */
  private positionOf(text: string): bigint | undefined {
    try {
      return parsePosition(this.parts.identity, text);
    } catch (error) {
      if (error instanceof DaybookError && error.code === 'POSITION_OTHER_LOG') return undefined;
      throw error;
    }
  }

  private async ask<Answer>(what: string, operation: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await this.breaker.run(() => this.inTime(operation()));
    } catch (error) {
      this.parts.log.warn('The memory of answers was not there', { what, error });
      return undefined;
    }
  }

  private async inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.parts.timers.after(WITHIN_MS, () => reject(new Error(`no answer within ${WITHIN_MS} ms`)));
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      cancel();
    }
  }
}
