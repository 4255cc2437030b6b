import { addDays, DaybookError, ledgerMonthOf, monthOf, type CivilDate } from '@daybook/kernel';
import { CircuitBreaker } from '@daybook/platform';
import { ledgerStream } from '../family/family-stream.js';
import type { HouseholdParts } from '../household-parts.js';
import { ledgerFold } from './ledger-fold.js';
import { recordedUnder, transactionIn, type LedgerTransaction } from './state.js';

const LOOK_UP_MS = 300;

export interface Search {
  readonly familyId: string;
  readonly clientId: string;
  readonly date: CivilDate;
  readonly isDateGiven: boolean;
}

/** Finds a transaction of any month, as far as the read models have come. */
export interface TransactionFinder {
  recordedUnder(familyId: string, clientId: string): Promise<string | null>;
}

export const TRANSACTION_FINDER = Symbol('who finds transactions of any month');

type Parts = Pick<HouseholdParts, 'commands' | 'clock' | 'timers' | 'random'>;

/**
 * What a month's ledger has to know of the others. They are found by a look-up in the read model, which nobody waits
 * long for: while the database is down or late, the same clientId in two months is two transactions, to be seen and
 * voided, and never a lost one.
 */
export class OtherMonths {
  private readonly breaker: CircuitBreaker;

  constructor(
    private readonly parts: Parts,
    private readonly finder: TransactionFinder,
  ) {
    const refusal = unavailable();
    this.breaker = new CircuitBreaker({
      refusal: { code: refusal.code, detail: refusal.detail },
      isFailure: (error) => error instanceof DaybookError && error.code === 'DATABASE_UNAVAILABLE',
      clock: parts.clock,
      random: parts.random,
    });
  }

  /** The transaction of another month that was recorded under the clientId. */
  async recordedUnder(search: Search): Promise<string | null> {
    const [anywhere, yesterday] = await Promise.all([this.lookUp(search), this.recordedYesterday(search)]);
    return yesterday ?? (anywhere !== null && ledgerMonthOf(anywhere) !== monthOf(search.date) ? anywhere : null);
  }

  /** A transaction by its id, wherever it lives; null also for ids that nothing can have. */
  async transaction(familyId: string, id: string): Promise<LedgerTransaction | null> {
    const month = monthNamedBy(id);
    if (month === null) return null;
    const { state } = await this.parts.commands.read(ledgerStream(familyId, month), ledgerFold);
    return transactionIn(state, id) ?? null;
  }

  private async lookUp({ familyId, clientId }: Search): Promise<string | null> {
    try {
      return await this.breaker.run(() => this.withinTime(this.finder.recordedUnder(familyId, clientId)));
    } catch (error) {
      if (error instanceof DaybookError) return null;
      throw error;
    }
  }

  /**
   * Over midnight between two months, a repeat that leaves its date to Daybook comes to another ledger than its first
   * sending, and sooner than the read model may have that: the ledger itself is asked.
   */
  private async recordedYesterday({ familyId, clientId, date, isDateGiven }: Search): Promise<string | null> {
    const month = monthOf(addDays(date, -1));
    if (isDateGiven || month === monthOf(date)) return null;
    const { state } = await this.parts.commands.read(ledgerStream(familyId, month), ledgerFold);
    return recordedUnder(state, familyId, clientId)?.transactionId ?? null;
  }

  private async withinTime<Value>(asked: Promise<Value>): Promise<Value> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.parts.timers.after(LOOK_UP_MS, () => reject(unavailable()));
    });
    try {
      return await Promise.race([asked, late]);
    } finally {
      cancel();
    }
  }
}

function monthNamedBy(id: string): ReturnType<typeof ledgerMonthOf> | null {
  try {
    return ledgerMonthOf(id);
  } catch (error) {
    if (error instanceof DaybookError) return null;
    throw error;
  }
}

function unavailable(): DaybookError {
  return new DaybookError('DATABASE_UNAVAILABLE', 'The look-up takes too long.');
}
