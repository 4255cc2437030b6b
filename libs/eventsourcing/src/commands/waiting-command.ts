import type { DaybookError } from '@daybook/kernel';
import { outcomeUnknown, storeUnavailable } from './answers.js';
import type { AnyOutcome, AnyRequest } from './command-request.js';
import type { FrozenBatch } from './frozen-batch.js';
import type { RuntimePorts } from './runtime-ports.js';

/** One command and its caller, from the call to its single answer. The deadline answers when nothing else has. */
export class WaitingCommand {
  readonly answered: Promise<AnyOutcome>;
  /** The append that carries this command's events, while there is one. */
  batch: FrozenBatch | null = null;
  private open = true;
  private resolve!: (outcome: AnyOutcome) => void;
  private reject!: (refusal: DaybookError) => void;
  private readonly cancelDeadline: () => void;

  constructor(
    readonly request: AnyRequest,
    { timers }: Pick<RuntimePorts, 'timers'>,
  ) {
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.cancelDeadline = timers.after(request.deadlineMs, () => this.giveUp());
  }

  get isOpen(): boolean {
    return this.open;
  }

  accept(outcome: AnyOutcome): void {
    if (this.close()) this.resolve(outcome);
  }

  refuse(refusal: DaybookError): void {
    if (this.close()) this.reject(refusal);
  }

  /** Says the most that is known: events on their way may still be stored, everything else surely is not. */
  giveUp(otherwise: DaybookError = storeUnavailable()): void {
    this.refuse(this.batch?.isUncertain === true ? outcomeUnknown(this.request.commandId) : otherwise);
  }

  private close(): boolean {
    if (!this.open) return false;
    this.open = false;
    this.cancelDeadline();
    return true;
  }
}
