import type { Clock, Log, Timers } from '@daybook/kernel';
import type { LoopLag } from './loop-lag.js';

/** One thing this process cannot serve without. */
export interface HealthCheck {
  /** Shown to anybody: names what is looked at, not where it is. */
  readonly name: string;
  /** Shown while it fails: one sentence on what to do. */
  readonly action: string;
  /** Throws when it is not well; the reason goes to the log only. Figures it answers are shown. */
  check(signal: AbortSignal): Promise<Readonly<Record<string, number>> | void>;
}

export interface HealthOptions {
  readonly checks: readonly HealthCheck[];
  /** Shown beside the checks of readiness, whatever they say. */
  readonly facts?: () => Readonly<Record<string, unknown>>;
  readonly loopLag: LoopLag;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: {
    readonly status: 'live' | 'stalled' | 'started' | 'starting' | 'ready' | 'not ready' | 'stopping';
    readonly checks: readonly CheckAnswer[];
    readonly [fact: string]: unknown;
  };
}

export interface CheckAnswer {
  readonly name: string;
  /** `failing` is seen but not yet believed: it has not lasted. */
  readonly status: 'ok' | 'failing' | 'down' | 'recovering';
  readonly forSeconds: number;
  readonly action?: string;
  readonly [figure: string]: unknown;
}

const STALLED_AFTER_MS = 5_000;
const DOWN_AFTER_MS = 10_000;
const UP_AFTER_MS = 2_000;
const CHECK_WITHIN_MS = 2_000;
/** Probes from many sides cost one look. */
const LOOK_AGAIN_AFTER_MS = 250;

/**
 * Live asks only whether this process still turns: a database that is down must not get it restarted. Ready follows the
 * checks with hysteresis, so that one lost packet does not take a whole installation out of its load balancer.
 */
export class Health {
  readonly #options: HealthOptions;
  readonly #states: CheckState[];
  #hasStarted = false;
  #isStopping = false;
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#states = options.checks.map((check) => new CheckState(check, options));
  }

  live(): HealthAnswer {
    const isStalled = this.#options.loopLag.lagMs() >= STALLED_AFTER_MS;
    return answer(isStalled ? 'stalled' : 'live', !isStalled);
  }

  startup(): HealthAnswer {
    return answer(this.#hasStarted ? 'started' : 'starting', this.#hasStarted);
  }

  async ready(): Promise<HealthAnswer> {
    if (this.#isStopping) return answer('stopping', false);
    await this.#look();
    const isReady = this.#hasStarted && this.#states.every((state) => state.isUp);
    return answer(
      isReady ? 'ready' : 'not ready',
      isReady,
      this.#states.map((state) => state.answer()),
      this.#options.facts?.(),
    );
  }

  /** Everything a first request needs has been done once. */
  markStarted(): void {
    this.#hasStarted = true;
  }

  /** From here on not ready, without a delay: the first step of every shutdown. */
  beginShutdown(): void {
    this.#isStopping = true;
  }

  #look(): Promise<void> {
    if (this.#looking !== undefined) return this.#looking;
    if (this.#options.clock.monotonic() - this.#lookedAt < LOOK_AGAIN_AFTER_MS) return Promise.resolve();
    this.#looking = Promise.all(this.#states.map((state) => state.look())).then(() => {
      this.#lookedAt = this.#options.clock.monotonic();
      this.#looking = undefined;
    });
    return this.#looking;
  }
}

function answer(
  status: HealthAnswer['body']['status'],
  isWell: boolean,
  checks: readonly CheckAnswer[] = [],
  facts: Readonly<Record<string, unknown>> = {},
): HealthAnswer {
  return { status: isWell ? 200 : 503, body: { ...facts, status, checks } };
}

class CheckState {
  isUp = false;
  readonly #check: HealthCheck;
  readonly #options: HealthOptions;
  #isOk = false;
  /** Since when the check has answered as it does now. */
  #since: number;
  #hasBeenUp = false;
  #figures: Readonly<Record<string, number>> = {};

  constructor(check: HealthCheck, options: HealthOptions) {
    this.#check = check;
    this.#options = options;
    this.#since = options.clock.monotonic();
  }

  async look(): Promise<void> {
    const isOk = await this.#run();
    const now = this.#options.clock.monotonic();
    if (isOk !== this.#isOk) {
      this.#isOk = isOk;
      this.#since = now;
    }
    const heldMs = now - this.#since;
    if (isOk && (!this.#hasBeenUp || heldMs >= UP_AFTER_MS)) this.#turn(true);
    if (!isOk && heldMs >= DOWN_AFTER_MS) this.#turn(false);
  }

  answer(): CheckAnswer {
    const status = this.#isOk ? (this.isUp ? 'ok' : 'recovering') : this.isUp ? 'failing' : 'down';
    return {
      ...this.#figures,
      name: this.#check.name,
      status,
      forSeconds: Math.floor((this.#options.clock.monotonic() - this.#since) / 1000),
      ...(this.#isOk ? {} : { action: this.#check.action }),
    };
  }

  #turn(isUp: boolean): void {
    if (isUp === this.isUp) return;
    this.isUp = isUp;
    const isFirst = !this.#hasBeenUp;
    this.#hasBeenUp ||= isUp;
    // That all is well at the start is no news.
    if (isUp && isFirst) return;
    if (isUp) this.#options.log.info('A health check is well', { check: this.#check.name });
    else this.#options.log.error('A health check is down', { check: this.#check.name });
  }

  async #run(): Promise<boolean> {
    const controller = new AbortController();
    let giveUp = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      giveUp = this.#options.timers.after(CHECK_WITHIN_MS, () => {
        const error = new Error(`no answer within ${CHECK_WITHIN_MS} ms`);
        controller.abort(error);
        reject(error);
      });
    });
    try {
      this.#figures = (await Promise.race([this.#check.check(controller.signal), late])) ?? {};
      return true;
    } catch (error) {
      if (this.#isOk) this.#options.log.warn('A health check fails', { check: this.#check.name, error });
      this.#figures = {};
      return false;
    } finally {
      giveUp();
    }
  }
}
