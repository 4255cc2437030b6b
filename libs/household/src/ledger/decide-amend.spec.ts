import fc from 'fast-check';
import { DaybookError, transactionId } from '@daybook/kernel';
import { HOME, income, spending } from '../../../../test/support/budget-events.js';
import {
  amendCommand,
  amendedTo,
  amount,
  day,
  homeAfter,
  ID,
  ledgerRules,
  LUNCH,
  NOW,
  recordedAs,
  sealedBy,
  voidedAs,
} from '../../../../test/support/ledger-rules.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { AmendTransaction } from './commands.js';
import { ledgerDecider } from './decide.js';
import type { LedgerEvent, TransactionContent } from './events.js';
import { initialLedger } from './state.js';
import { TransactionConflict } from './transaction-conflict.js';

const garden = '5e6f7a8b-1c2d-4e3f-9a0b-1c2d3e4f5a6b';
const gardenAdded: FamilyEvent = { type: 'CategoryAdded', data: { categoryId: garden, kind: 'variable', name: sealedBy('ada') } };
const gardenArchived: FamilyEvent = { type: 'CategoryArchived', data: { categoryId: garden } };
const closed = (period: string): FamilyEvent => {
  return { type: 'PeriodClosed', data: { period: day(period), endPolicy: 'carryBoth', reason: null, shown: null } };
};
const rules = ledgerRules();

function conflictOf(history: readonly LedgerEvent[], command: AmendTransaction): TransactionConflict {
  const facts = { family: homeAfter(), now: NOW, elsewhere: null, original: null };
  try {
    ledgerDecider.decide(command, history.reduce(ledgerDecider.evolve, initialLedger), facts);
  } catch (error) {
    if (error instanceof TransactionConflict) return error;
    throw error;
  }
  throw new Error('there was no conflict');
}

describe('amending a transaction', () => {
  it('carries what it said before and what it says now', () => {
    rules.given(recordedAs()).when(amendCommand({ amount: amount('54.00') })).then(amendedTo(spending('2026-04-03', 54_00)));
  });

  it('builds on the version that was there', () => {
    const second = spending('2026-04-03', 54_00);
    const third = spending('2026-04-03', 54_00, { paidBy: 'bob' });
    const command = amendCommand({ paidBy: 'bob' }, { expectedVersion: 2 });
    rules.given(recordedAs(), amendedTo(second)).when(command).then(amendedTo(third, 2, second));
  });

  it('has nothing to do when it says so already, whatever version was expected', () => {
    rules.given(recordedAs()).when(amendCommand({ amount: amount('45') })).then();
    const amended = [recordedAs(), amendedTo(spending('2026-04-03', 54_00))];
    rules.given(...amended).when(amendCommand({ amount: amount('54.00') })).then();
  });

  it('is refused for what is not there, in words of the family and to people outside alike', () => {
    const unknown = transactionId(HOME, 'c-9', day('2026-04-03'));
    rules.given(recordedAs()).when(amendCommand({ amount: amount('1') }, { transactionId: unknown })).refuses('NOT_FOUND');
    rules.given(recordedAs()).when(amendCommand({ amount: amount('1') }, { actor: 'eve' })).refuses('NOT_FOUND');
  });

  it('is up to managers, to members for what they recorded, and not to viewers', () => {
    const bobs = spending('2026-04-03', 45_00, { paidBy: 'bob' });
    const change = (actor: string) => amendCommand({ amount: amount('54.00') }, { actor });
    const after = spending('2026-04-03', 54_00, { paidBy: 'bob' });
    const rulesOfBobs = rules.given(recordedAs(bobs, { recordedBy: 'bob' }));
    rulesOfBobs.when(change('ada')).then(amendedTo(after, 1, bobs));
    rulesOfBobs.when(change('bob')).then(amendedTo(after, 1, bobs));
    rulesOfBobs.when(change('carol')).refuses('FORBIDDEN');
    rules.given(recordedAs(bobs)).when(change('bob')).refuses('FORBIDDEN');
    rules.given(recordedAs(bobs, { recordedBy: 'carol' })).when(change('carol')).refuses('FORBIDDEN');
  });

  it.each<[string, AmendTransaction['changes'], TransactionContent]>([
    ['the category', { category: 'fixed' }, spending('2026-04-03', 45_00, { kind: 'fixed' })],
    ['the date', { date: day('2026-05-03') }, spending('2026-05-03', 45_00, { timing: 'committed' })],
    ['the description', { description: sealedBy('ada') }, spending('2026-04-03', 45_00, { description: sealedBy('ada') })],
    ['the payer', { paidBy: 'bob' }, spending('2026-04-03', 45_00, { paidBy: 'bob' })],
    ['the type', { type: 'refund' }, spending('2026-04-03', 45_00, { type: 'refund' })],
    ['an expense into income, without its category', { type: 'income' }, income('2026-04-03', 45_00)],
    ['an expense into extra income', { type: 'income', incomeKind: 'extra' }, income('2026-04-03', 45_00, 'extra')],
  ])('changes %s alone', (_, changes, after) => {
    rules.given(recordedAs()).when(amendCommand(changes)).then(amendedTo(after));
  });

  it('takes a description away', () => {
    const before = spending('2026-04-03', 45_00, { description: sealedBy('ada') });
    rules.given(recordedAs(before)).when(amendCommand({ description: null })).then(amendedTo(LUNCH, 1, before));
  });

  it('turns income into an expense only with a category, and forgets what kind of income it was', () => {
    const salary = income('2026-04-03', 45_00, 'extra');
    const given = rules.given(recordedAs(salary));
    given.when(amendCommand({ type: 'expense', category: 'variable' })).then(amendedTo(LUNCH, 1, salary));
    given.when(amendCommand({ type: 'expense' })).refuses('VALIDATION_FAILED');
    given.when(amendCommand({ incomeKind: 'planned' })).then(amendedTo(income('2026-04-03', 45_00), 1, salary));
    given.when(amendCommand({ amount: amount('46.00') })).then(amendedTo(income('2026-04-03', 46_00, 'extra'), 1, salary));
    given.when(amendCommand({ category: 'variable' })).refuses('VALIDATION_FAILED');
  });

  it('keeps what a refund gives back, and drops it with the type', () => {
    const refund = spending('2026-04-03', 45_00, { type: 'refund', originalTransactionId: ID });
    const given = rules.given(recordedAs(refund));
    given.when(amendCommand({ amount: amount('46.00') })).then(amendedTo({ ...spending('2026-04-03', 46_00), type: 'refund', originalTransactionId: ID }, 1, refund));
    given.when(amendCommand({ type: 'expense' })).then(amendedTo(LUNCH, 1, refund));
  });

  it('refuses what a new entry would be refused for', () => {
    const given = rules.given(recordedAs());
    given.when(amendCommand({ amount: amount('45.001') })).refuses('AMOUNT_PRECISION');
    given.when(amendCommand({ date: day('2026-03-31') })).refuses('BEFORE_BUDGET_START');
    given.when(amendCommand({ date: day('2028-04-11') })).refuses('DATE_OUT_OF_RANGE');
    given.when(amendCommand({ category: garden })).refuses('VALIDATION_FAILED');
    given.when(amendCommand({ paidBy: 'eve' })).refuses('VALIDATION_FAILED');
    given.when(amendCommand({ incomeKind: 'extra' })).refuses('VALIDATION_FAILED');
    ledgerRules({ family: homeAfter(gardenAdded, gardenArchived) }).given(recordedAs()).when(amendCommand({ category: garden })).refuses('CATEGORY_ARCHIVED');
  });

  it('is not refused for what stays as it is: an archived category, a payer who left, a date that could not be given now', () => {
    const old = spending('2028-12-24', 45_00, { categoryId: garden, paidBy: 'eve', timing: 'committed' });
    const id = transactionId(HOME, 'c-1', old.date);
    const after = { ...spending('2028-12-24', 46_00, { categoryId: garden, paidBy: 'eve', timing: 'committed' }) };
    ledgerRules({ family: homeAfter(gardenAdded, gardenArchived) })
      .given(recordedAs(old))
      .when(amendCommand({ amount: amount('46.00') }, { transactionId: id }))
      .then({ type: 'TransactionAmended', data: { transactionId: id, fromVersion: 1, before: old, after } });
  });
});

describe('the timing of an amended transaction', () => {
  const committed = spending('2026-04-11', 45_00, { timing: 'committed' });
  const id = transactionId(HOME, 'c-1', committed.date);
  const change = (changes: AmendTransaction['changes']) => amendCommand(changes, { transactionId: id });
  const amended = (after: TransactionContent): LedgerEvent => {
    return { type: 'TransactionAmended', data: { transactionId: id, fromVersion: 1, before: committed, after } };
  };
  const aDayLater = ledgerRules({ now: Date.parse('2026-04-12T12:00:00.000Z') });

  it('stays as it was decided, although its day has come', () => {
    const after = spending('2026-04-11', 46_00, { timing: 'committed' });
    aDayLater.given(recordedAs(committed)).when(change({ amount: amount('46.00') })).then(amended(after));
  });

  it('is decided anew with a new date', () => {
    rules.given(recordedAs(committed)).when(change({ date: day('2026-04-10') })).then(amended(spending('2026-04-10', 45_00)));
    aDayLater.given(recordedAs(committed)).when(change({ date: day('2026-04-12') })).then(amended(spending('2026-04-12', 45_00)));
  });

  it('is posted as soon as the line is not variable, and decided anew when it becomes variable', () => {
    const fixed = spending('2026-04-11', 45_00, { kind: 'fixed' });
    rules.given(recordedAs(committed)).when(change({ category: 'fixed' })).then(amended(fixed));
    const back = { ...amended(committed), data: { transactionId: id, fromVersion: 1, before: fixed, after: committed } } as LedgerEvent;
    rules.given(recordedAs(fixed)).when(change({ category: 'variable' })).then(back);
  });
});

describe('amending in a closed period', () => {
  const inMay = spending('2026-05-03', 45_00, { timing: 'committed' });

  it('is refused for where it comes from and for where it goes', () => {
    ledgerRules({ family: homeAfter(closed('2026-04-01')) }).given(recordedAs()).when(amendCommand({ date: day('2026-05-03') })).refuses('PERIOD_CLOSED');
    ledgerRules({ family: homeAfter(closed('2026-05-01')) }).given(recordedAs()).when(amendCommand({ date: day('2026-05-03') })).refuses('PERIOD_CLOSED');
    ledgerRules({ family: homeAfter(closed('2026-05-01')) }).given(recordedAs()).when(amendCommand({ amount: amount('54.00') })).then(amendedTo(spending('2026-04-03', 54_00)));
  });

  it('names the period, and the date only where the sender gave it', () => {
    const errorsWhen = (period: string, changes: AmendTransaction['changes']): unknown => {
      const facts = { family: homeAfter(closed(period)), now: NOW, elsewhere: null, original: null };
      try {
        return ledgerDecider.decide(amendCommand(changes), ledgerDecider.evolve(initialLedger, recordedAs()), facts);
      } catch (error) {
        return error instanceof DaybookError ? error.data : error;
      }
    };
    expect(errorsWhen('2026-04-01', { amount: amount('54.00') })).toEqual({ period: '2026-04-01' });
    expect(errorsWhen('2026-05-01', { date: day('2026-05-03') })).toMatchObject({ period: '2026-05-01', errors: [{ pointer: '/date' }] });
  });

  it('is allowed when the sender lets it count in the open one', () => {
    const command = amendCommand({ date: day('2026-05-03') }, { acceptsClosedPeriod: true });
    ledgerRules({ family: homeAfter(closed('2026-04-01')) }).given(recordedAs()).when(command).then(amendedTo(inMay));
  });
});

describe('amending another version than the sender has seen', () => {
  const second = spending('2026-04-03', 54_00);
  const third = spending('2026-04-04', 54_00, { paidBy: 'bob' });
  const history = [recordedAs(), amendedTo(second), amendedTo(third, 2, second)];

  it('is a conflict that knows the present state and the fields that changed since', () => {
    const since = (expectedVersion: number) => conflictOf(history, amendCommand({ amount: amount('48.00') }, { expectedVersion }));
    expect(since(1)).toMatchObject({ code: 'VERSION_CONFLICT', data: { changedFields: ['amount', 'date', 'paidBy'] } });
    expect(since(1).transaction).toMatchObject({ version: 3, status: 'live', current: third });
    expect(since(1).detail).toContain('version 3');
    expect(since(2).data.changedFields).toEqual(['date', 'paidBy']);
    expect(since(4).data.changedFields).toEqual([]);
  });

  it('is a conflict before it breaks any rule, because the sender has not seen what it would break it with', () => {
    rules.given(...history).when(amendCommand({ category: garden })).refuses('VERSION_CONFLICT');
    ledgerRules({ family: homeAfter(closed('2026-04-01')) }).given(...history).when(amendCommand({ amount: amount('48.00') })).refuses('VERSION_CONFLICT');
  });

  it('is a conflict that says so when it was voided, even for who knows the version', () => {
    const voided = [...history, voidedAs(third, 3)];
    const conflict = conflictOf(voided, amendCommand({ amount: amount('48.00') }, { expectedVersion: 3 }));
    expect(conflict.data.changedFields).toEqual(['status']);
    expect(conflict.detail).toContain('voided');
    expect(conflictOf(voided, amendCommand({ paidBy: 'bob' }, { expectedVersion: 4 })).data.changedFields).toEqual(['status']);
    expect(conflictOf(voided, amendCommand({ paidBy: 'bob' })).data.changedFields).toEqual(['status', 'amount', 'date', 'paidBy']);
  });

  it('names every field that people can change', () => {
    const after = { ...income('2026-04-04', 1, 'extra'), description: sealedBy('ada'), paidBy: 'bob' };
    const conflict = conflictOf([recordedAs(), amendedTo(after)], amendCommand({ amount: amount('48.00') }));
    expect(conflict.data.changedFields).toEqual(['amount', 'category', 'date', 'description', 'type', 'incomeKind', 'paidBy']);
  });
});

it('leaves nothing to do for an amendment that is sent again, whatever it changed', () => {
  const anyChange = fc.record(
    {
      type: fc.constantFrom<'expense' | 'refund'>('expense', 'refund'),
      date: fc.integer({ min: 1, max: 30 }).map((dayOfMonth) => day(`2026-04-${String(dayOfMonth).padStart(2, '0')}`)),
      amount: fc.integer({ min: 1, max: 10 ** 9 }).map((minor) => amount((minor / 100).toFixed(2))),
      category: fc.constantFrom('fixed', 'variable', 'savings'),
      paidBy: fc.constantFrom('ada', 'bob', 'carol'),
      description: fc.constantFrom(null, sealedBy('ada'), sealedBy('ada', 'b3RoZXI')),
    },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(anyChange, (changes) => rules.given(recordedAs()).when(amendCommand(changes)).isQuietWhenRepeated()));
});
