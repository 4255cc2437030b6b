import type { Clock, Log, Timers } from '@daybook/kernel';

export interface ShutdownPhase {
  readonly name: string;
  readonly withinMs: number;
  /** The signal is aborted when the time is up; what is not done then is left to the next start. */
  run(signal: AbortSignal): Promise<unknown>;
}

/** `process` is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface ShutdownOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

export interface ShutdownOutcome {
  readonly isClean: boolean;
  readonly tookMs: number;
  readonly unfinished: readonly string[];
}

/** What supervisors grant before they kill, less a margin. */
const TOTAL_MS = 25_000;
/** Ctrl-C reaches this process from the terminal and once more from npm, which passes it on. */
const ECHO_MS = 1_000;
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Stops a process in the order it was told, each phase within its time and all within 25 s. A phase that fails or is
 * late does not keep the next from running: what comes later (closing files and connections) matters more. Being killed
 * at any point is safe by design, so a second signal simply ends it.
 *
 * The order that loses nothing: not ready · a gap for load balancers to notice · refuse new requests and sockets · send
 * sockets their cursors · finish running commands · commit or roll back the projector's batch and give up its leases ·
 * flush · close Postgres and the event store client · last, the event store.
 */
export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #phases: ShutdownPhase[] = [];
  #stopping: Promise<ShutdownOutcome> | undefined;

  constructor(options: ShutdownOptions) {
    this.#options = options;
  }

  /** Phases run in the order they are added. */
  add(phase: ShutdownPhase): this {
    this.#phases.push(phase);
    return this;
  }

  get hasBegun(): boolean {
    return this.#stopping !== undefined;
  }

  /** The first signal begins, a later one ends at once. Exit code 0 when every phase was done. */
  listen(source: SignalSource): void {
    const { clock } = this.#options;
    let firstAt: number | undefined;
    for (const signal of SIGNALS) {
      source.on(signal, () => {
        firstAt ??= clock.monotonic();
        if (this.hasBegun && clock.monotonic() - firstAt < ECHO_MS) return;
        if (this.hasBegun) {
          this.#options.log.warn('Told to stop again: ending at once', { signal });
          this.#options.exit(1);
          return;
        }
        void this.begin(signal).then(({ isClean }) => this.#options.exit(isClean ? 0 : 1));
      });
    }
  }

  /** Never throws. Called again, it answers the same outcome. */
  begin(reason: string): Promise<ShutdownOutcome> {
    this.#stopping ??= this.#run(reason);
    return this.#stopping;
  }

  async #run(reason: string): Promise<ShutdownOutcome> {
    const { clock, log } = this.#options;
    const begunAt = clock.monotonic();
    log.info('Stopping', { reason });
    const unfinished: string[] = [];
    for (const phase of this.#phases) {
      const leftMs = TOTAL_MS - (clock.monotonic() - begunAt);
      if (!(await this.#runPhase(phase, Math.min(phase.withinMs, leftMs)))) unfinished.push(phase.name);
    }
    const tookMs = Math.round(clock.monotonic() - begunAt);
    log.info('Stopped', { tookMs, unfinished });
    return { isClean: unfinished.length === 0, tookMs, unfinished };
  }

  async #runPhase(phase: ShutdownPhase, withinMs: number): Promise<boolean> {
    const { log, timers } = this.#options;
    const controller = new AbortController();
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const giveUp = (): void => {
        const error = new Error(`not done within ${Math.max(0, Math.round(withinMs))} ms`);
        reject(error);
        controller.abort(error);
      };
      cancel = timers.after(Math.max(0, withinMs), giveUp);
    });
    try {
      await Promise.race([Promise.resolve().then(() => phase.run(controller.signal)), late]);
      return true;
    } catch (error) {
      log.error('A part of stopping was not done', { phase: phase.name, error });
      return false;
    } finally {
      cancel();
    }
  }
}
