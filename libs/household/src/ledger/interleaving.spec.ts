import fc from 'fast-check';
import { DaybookError, transactionId } from '@daybook/kernel';
import { HOME } from '../../../../test/support/budget-events.js';
import { amendCommand, amount, createCommand, day, homeAfter, NOW, voidCommand } from '../../../../test/support/ledger-rules.js';
import type { LedgerCommand } from './commands.js';
import { ledgerDecider } from './decide.js';
import { initialLedger, type LedgerState } from './state.js';

const family = homeAfter();
const DATES = ['2026-04-02', '2026-04-10', '2026-04-25'].map(day);
const CLIENTS = ['c-1', 'c-2', 'c-3'];

const anyAmount = fc.integer({ min: 1, max: 3 }).map((euros) => amount(String(euros)));
const anyId = fc.record({ clientId: fc.constantFrom(...CLIENTS), date: fc.constantFrom(...DATES) })
  .map(({ clientId, date }) => transactionId(HOME, clientId, date));
const whose = { actor: fc.constantFrom('ada', 'bob'), expectedVersion: fc.integer({ min: 1, max: 4 }), transactionId: anyId };

const anyCommand: fc.Arbitrary<LedgerCommand> = fc.oneof(
  fc.record({
    clientId: fc.constantFrom(...CLIENTS),
    actor: fc.constantFrom('ada', 'bob'),
    date: fc.constantFrom(...DATES),
    isDateGiven: fc.boolean(),
    amount: anyAmount,
  }).map(({ clientId, actor, date, isDateGiven, ...said }) => createCommand({ date, ...said }, { clientId, actor, isDateGiven })),
  fc.record({ ...whose, amount: anyAmount }).map(({ amount: changed, ...change }) => amendCommand({ amount: changed }, change)),
  fc.record(whose).map((change) => voidCommand(change)),
);

/** Refusals leave no trace. */
function carryOut(state: LedgerState, command: LedgerCommand): LedgerState {
  try {
    const events = ledgerDecider.decide(command, state, { family, now: NOW, elsewhere: null, original: null });
    return events.reduce(ledgerDecider.evolve, state);
  } catch (error) {
    if (error instanceof DaybookError) return state;
    throw error;
  }
}

describe('commands that are sent more than once', () => {
  it('lead where they lead when each is sent once, if each is answered before the next', () => {
    const sent = fc.array(fc.record({ command: anyCommand, times: fc.integer({ min: 1, max: 3 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(sent, (commands) => {
        const once = commands.reduce((state, { command }) => carryOut(state, command), initialLedger);
        const repeated = commands.flatMap(({ command, times }) => Array.from({ length: times }, () => command));
        expect(repeated.reduce(carryOut, initialLedger)).toEqual(once);
      }),
    );
  });

  it('lead where they lead when each is sent once, however late the repeats of what was accepted come', () => {
    const late = fc.array(fc.tuple(fc.nat({ max: 29 }), fc.nat({ max: 60 })), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 60 }), late, (commands, repeats) => {
        const accepted = acceptedOf(commands);
        const sent = accepted.map((command) => [command]);
        for (const [which, wait] of repeats) {
          const command = accepted[which];
          if (command !== undefined) sent[Math.min(which + wait, sent.length - 1)]?.push(command);
        }
        expect(sent.flat().reduce(carryOut, initialLedger)).toEqual(accepted.reduce(carryOut, initialLedger));
      }),
    );
  });
});

function acceptedOf(commands: readonly LedgerCommand[]): LedgerCommand[] {
  let state = initialLedger;
  return commands.filter((command) => {
    const before = state;
    state = carryOut(state, command);
    return state !== before;
  });
}
