import type { Connect } from '@daybook/projections';

/** Sessions that a test can stop, kill at one of their statements, or make lose an answer. */
export class BentConnections {
  private held: Promise<void> | null = null;
  private letGo = (): void => undefined;
  private countdown = Number.POSITIVE_INFINITY;
  private after = false;
  killed = 0;

  constructor(private readonly connect: Connect) {}

  /** From now on every statement waits, as in a process that stands still. */
  hold(): void {
    this.held = new Promise((resolve) => (this.letGo = resolve));
  }

  release(): void {
    this.held = null;
    this.letGo();
  }

  /** The session dies at its n-th statement from now: before it is sent, or after the server has carried it out. */
  killAt(statement: number, when: 'before' | 'after'): void {
    this.countdown = statement;
    this.after = when === 'after';
  }

  readonly opened: Connect = async () => {
    const inner = await this.connect();
    let dead = false;
    return {
      query: async (statement) => {
        const sent = dead ? 'send' : this.turn();
        if (sent === 'die before') {
          dead = true;
          await inner.close().catch(() => undefined);
          throw new Error('the session was killed before a statement');
        }
        if (dead) throw new Error('the session is gone');
        if (this.held !== null) await this.held;
        const result = await inner.query(statement);
        if (sent === 'die after') {
          dead = true;
          await inner.close().catch(() => undefined);
          throw new Error('the session was killed after a statement');
        }
        return result;
      },
      close: async () => inner.close().catch(() => undefined),
    };
  };

  private turn(): 'send' | 'die before' | 'die after' {
    this.countdown -= 1;
    if (this.countdown !== 0) return 'send';
    this.countdown = Number.POSITIVE_INFINITY;
    this.killed += 1;
    return this.after ? 'die after' : 'die before';
  }
}
