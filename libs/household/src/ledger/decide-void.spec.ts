import fc from 'fast-check';
import { transactionId } from '@daybook/kernel';
import { HOME, spending } from '../../../../test/support/budget-events.js';
import {
  amendedTo,
  day,
  homeAfter,
  ID,
  ledgerRules,
  LUNCH,
  NOW,
  recordedAs,
  sealedBy,
  voidCommand,
  voidedAs,
} from '../../../../test/support/ledger-rules.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { LedgerCommand } from './commands.js';
import { ledgerDecider } from './decide.js';
import { initialLedger } from './state.js';

const rules = ledgerRules();
const amended = spending('2026-04-03', 54_00);

describe('voiding a transaction', () => {
  it('carries what it said, and why', () => {
    const reason = sealedBy('ada');
    rules.given(recordedAs(), amendedTo(amended)).when(voidCommand({ expectedVersion: 2, reason })).then(voidedAs(amended, 2, reason));
  });

  it('has nothing to do when it was voided, whatever version was expected', () => {
    for (const expectedVersion of [1, 2, 7]) {
      rules.given(recordedAs(), voidedAs()).when(voidCommand({ expectedVersion })).then();
    }
  });

  it('is a conflict when it was amended since', () => {
    rules.given(recordedAs(), amendedTo(amended)).when(voidCommand()).refuses('VERSION_CONFLICT');
    const ledger = [recordedAs(), amendedTo(amended)].reduce(ledgerDecider.evolve, initialLedger);
    const facts = { family: homeAfter(), now: NOW, elsewhere: null, original: null };
    expect(() => ledgerDecider.decide(voidCommand(), ledger, facts)).toThrow(
      expect.objectContaining({ data: { changedFields: ['amount'] }, transaction: expect.objectContaining({ version: 2 }) as unknown }),
    );
  });

  it('is refused for what is not there, and to people outside alike', () => {
    const unknown = transactionId(HOME, 'c-9', day('2026-04-03'));
    rules.given(recordedAs()).when(voidCommand({ transactionId: unknown })).refuses('NOT_FOUND');
    rules.given(recordedAs()).when(voidCommand({ actor: 'eve' })).refuses('NOT_FOUND');
  });

  it('is up to managers, to members for what they recorded, and not to viewers', () => {
    rules.given(recordedAs()).when(voidCommand({ actor: 'carol' })).refuses('FORBIDDEN');
    rules.given(recordedAs()).when(voidCommand({ actor: 'bob' })).refuses('FORBIDDEN');
    rules.given(recordedAs(LUNCH, { recordedBy: 'carol' })).when(voidCommand({ actor: 'carol' })).refuses('FORBIDDEN');
    rules.given(recordedAs(LUNCH, { recordedBy: 'bob' })).when(voidCommand({ actor: 'bob' })).then(voidedAs());
    rules.given(recordedAs(LUNCH, { recordedBy: 'bob' })).when(voidCommand()).then(voidedAs());
  });

  it('is refused in a closed period, unless the sender lets it count in the open one', () => {
    const closed: FamilyEvent = {
      type: 'PeriodClosed',
      data: { period: day('2026-04-01'), endPolicy: 'carryBoth', reason: null, shown: null },
    };
    const later = ledgerRules({ family: homeAfter(closed) });
    later.given(recordedAs()).when(voidCommand()).refuses('PERIOD_CLOSED');
    later.given(recordedAs()).when(voidCommand({ acceptsClosedPeriod: true })).then(voidedAs());
    later.given(recordedAs(), voidedAs()).when(voidCommand()).then();
  });

  it('leaves nothing to do when it is sent again, by whoever may', () => {
    const anyVoid = fc.record({ actor: fc.constantFrom('ada', 'bob'), reason: fc.constantFrom(null, sealedBy('ada')) });
    const bobs = recordedAs(LUNCH, { recordedBy: 'bob' });
    fc.assert(fc.property(anyVoid, (change) => rules.given(bobs).when(voidCommand(change)).isQuietWhenRepeated()));
  });
});

it('knows no other command', () => {
  const facts = { family: homeAfter(), now: NOW, elsewhere: null, original: null };
  const eat = { type: 'eatTransaction', transactionId: ID } as unknown as LedgerCommand;
  expect(() => ledgerDecider.decide(eat, initialLedger, facts)).toThrow('unknown ledger command');
});
