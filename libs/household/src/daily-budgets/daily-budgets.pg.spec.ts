import { monthOf, parseCivilDate } from '@daybook/kernel';
import { familyCreated, HOME, income, recorded, spending, voided } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { familyStream, ledgerStream } from '../family/family-stream.js';
import type { LedgerEvent } from '../ledger/events.js';
import { daysIn } from './queries.js';

const [first, last] = [parseCivilDate('2026-04-01'), parseCivilDate('2026-04-30')];
const APRIL = ledgerStream(HOME, monthOf(first));

describe('the days of a family', () => {
  let rig: HouseholdRig;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    await rig.given(familyStream(HOME), ...familyCreated());
  });
  afterEach(() => rig.close());

  const given = async (...events: readonly LedgerEvent[]) => rig.given(APRIL, ...events);
  const april = async (familyId = HOME) => {
    const space = { kind: 'family', id: familyId } as const;
    const { minPosition = 0n } = rig.as('ada');
    const { data } = await rig.readModels().read({ space, minPosition, timeoutMs: 10_000 }, (trx) => daysIn(trx, familyId, first, last));
    return Object.fromEntries(data);
  };

  it('come back as the fold keeps them, in order, without those that have no entries', async () => {
    const bread = spending('2026-04-02', 450);
    await given(
      recorded('rent', spending('2026-04-30', 90_000, { kind: 'fixed' })),
      recorded('wages', income('2026-04-01', 500_000)),
      recorded('gift', income('2026-04-01', 2_000, 'extra')),
      recorded('bread', bread),
      recorded('concert', spending('2026-04-01', 3_000, { timing: 'committed' })),
      recorded('deposit', spending('2026-04-01', 700, { kind: 'savings' })),
      recorded('returned', spending('2026-04-01', 10, { type: 'refund' })),
      recorded('later', spending('2026-05-01', 1)),
      voided('bread', 1, bread),
    );
    const days = await april();
    expect(days).toEqual({
      '2026-04-01': { entries: 5, spent: '-10', committed: '3000', income: '500000', extraIncome: '2000', saved: '700' },
      '2026-04-30': { entries: 1, fixed: { [spending('2026-04-30', 1, { kind: 'fixed' }).lines[0]?.categoryId ?? '']: { amount: '90000', lines: 1 } } },
    });
    expect(Object.keys(days)).toEqual(['2026-04-01', '2026-04-30']);
  });

  it('are no other family\'s', async () => {
    await given(recorded('bread', spending('2026-04-02', 450)));
    expect(await april('1c7a1d2f-4d63-4b55-8e3f-7a1a6b8e2d22')).toEqual({});
  });
});
