import { transactionId } from '@daybook/kernel';
import { HOME, spending } from '../../../../test/support/budget-events.js';
import { amendedTo, day, ID, LUNCH, recordedAs, voidedAs } from '../../../../test/support/ledger-rules.js';
import type { LedgerEvent } from './events.js';
import { evolveLedger, initialLedger, recordedUnder, transactionIn, type LedgerState } from './state.js';

const dinner = spending('2026-04-04', 60_00);

function ledgerAfter(...events: readonly LedgerEvent[]): LedgerState {
  return events.reduce(evolveLedger, initialLedger);
}

describe('a month of the ledger', () => {
  it('knows a transaction by its id and by the clientId it was recorded under', () => {
    const ledger = ledgerAfter(recordedAs());
    const expected = {
      transactionId: ID,
      clientId: 'c-1',
      recordedBy: 'ada',
      status: 'live',
      version: 1,
      created: LUNCH,
      current: LUNCH,
      contents: [LUNCH],
    };
    expect(transactionIn(ledger, ID)).toEqual(expected);
    expect(recordedUnder(ledger, HOME, 'c-1')).toEqual(expected);
  });

  it('knows no other id, clientId or family, and no id of the same clientId on another day', () => {
    const ledger = ledgerAfter(recordedAs());
    expect(transactionIn(ledger, transactionId(HOME, 'c-2', LUNCH.date))).toBeUndefined();
    expect(transactionIn(ledger, transactionId(HOME, 'c-1', day('2026-04-04')))).toBeUndefined();
    expect(recordedUnder(ledger, HOME, 'c-2')).toBeUndefined();
    expect(recordedUnder(ledger, HOME.replace('0b', 'ff'), 'c-1')).toBeUndefined();
  });

  it('counts the versions of a transaction and keeps what it said in each', () => {
    const ledger = ledgerAfter(recordedAs(), amendedTo(dinner));
    expect(transactionIn(ledger, ID)).toMatchObject({
      status: 'live',
      version: 2,
      created: LUNCH,
      current: dinner,
      contents: [LUNCH, dinner],
    });
  });

  it('keeps a voided transaction, as a version that says the same', () => {
    const ledger = ledgerAfter(recordedAs(), amendedTo(dinner), voidedAs(dinner, 2));
    expect(transactionIn(ledger, ID)).toMatchObject({ status: 'voided', version: 3, current: dinner, contents: [LUNCH, dinner, dinner] });
  });

  it('changes one transaction and leaves all others as they are', () => {
    const names = Array.from({ length: 600 }, (_, index) => `c-${index}`);
    const before = ledgerAfter(...names.map((clientId) => recordedAs(LUNCH, { clientId })));
    const after = evolveLedger(before, amendedTo(dinner));
    for (const name of names) {
      const [was, is] = [recordedUnder(before, HOME, name), recordedUnder(after, HOME, name)];
      expect(was).toMatchObject({ clientId: name, version: 1 });
      if (name === 'c-1') expect(is).toMatchObject({ version: 2 });
      else expect(is).toBe(was);
    }
  });

  it('never changes a state it was given', () => {
    const recorded = Object.freeze(ledgerAfter(recordedAs()));
    const frozen = JSON.stringify(recorded);
    evolveLedger(recorded, amendedTo(dinner));
    expect(JSON.stringify(recorded)).toBe(frozen);
  });

  it('stops at a change of what was never recorded, at a second recording, and at an event it does not know', () => {
    expect(() => ledgerAfter(amendedTo(dinner))).toThrow('changed before it was recorded');
    expect(() => ledgerAfter(voidedAs())).toThrow('changed before it was recorded');
    expect(() => ledgerAfter(recordedAs(), recordedAs())).toThrow('recorded twice');
    expect(() => ledgerAfter({ type: 'TransactionEaten', data: {} } as unknown as LedgerEvent)).toThrow('unknown ledger event');
  });
});
