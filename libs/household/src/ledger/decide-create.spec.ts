import fc from 'fast-check';
import { DaybookError, transactionId } from '@daybook/kernel';
import { HOME, income, spending } from '../../../../test/support/budget-events.js';
import {
  amendedTo,
  amount,
  createCommand,
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
import { defaultCategoryId } from '../family/default-categories.js';
import type { FamilyEvent } from '../family/family-events.js';
import { initialFamily } from '../family/family-state.js';
import type { CreateTransaction, Entry } from './commands.js';
import { ledgerDecider, type LedgerFacts } from './decide.js';
import { initialLedger, transactionIn } from './state.js';

const garden = '5e6f7a8b-1c2d-4e3f-9a0b-1c2d3e4f5a6b';
const gardenAdded: FamilyEvent = { type: 'CategoryAdded', data: { categoryId: garden, kind: 'variable', name: sealedBy('ada') } };
const gardenArchived: FamilyEvent = { type: 'CategoryArchived', data: { categoryId: garden } };
const aprilClosed: FamilyEvent = {
  type: 'PeriodClosed',
  data: { period: day('2026-04-01'), endPolicy: 'carryBoth', reason: null, shown: null },
};
const fixedId = defaultCategoryId(HOME, 'fixed');

const rules = ledgerRules();

function refusalOf(command: CreateTransaction, facts: Partial<LedgerFacts> = {}): DaybookError {
  const all: LedgerFacts = { family: homeAfter(), now: NOW, elsewhere: null, original: null, ...facts };
  try {
    ledgerDecider.decide(command, initialLedger, all);
  } catch (error) {
    if (error instanceof DaybookError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('recording a transaction', () => {
  it('keeps what was said, under an id that family, clientId and date lead to', () => {
    rules.given().when(createCommand()).then(recordedAs());
    expect(ID).toBe(transactionId(HOME, 'c-1', day('2026-04-03')));
  });

  it('has nothing to do when the same person sends the same again', () => {
    rules.given(recordedAs()).when(createCommand()).then();
  });

  it('is refused to people outside, as if there were no such family', () => {
    rules.given().when(createCommand({}, { actor: 'eve' })).refuses('NOT_FOUND');
    ledgerRules({ family: initialFamily }).given().when(createCommand()).refuses('NOT_FOUND');
  });

  it('is refused to viewers and allowed to members, whose entry it is then', () => {
    rules.given().when(createCommand({}, { actor: 'carol' })).refuses('FORBIDDEN');
    const bobs = recordedAs(spending('2026-04-03', 45_00, { paidBy: 'bob' }), { recordedBy: 'bob' });
    rules.given().when(createCommand({}, { actor: 'bob' })).then(bobs);
  });

  it('keeps the description as it was sealed, and who paid', () => {
    const content = spending('2026-04-03', 45_00, { description: sealedBy('ada'), paidBy: 'bob' });
    rules.given().when(createCommand({ description: sealedBy('ada'), paidBy: 'bob' })).then(recordedAs(content));
  });

  it('takes a bare kind for its default category, and the id of any other', () => {
    rules.given().when(createCommand({ category: 'fixed' })).then(recordedAs(spending('2026-04-03', 45_00, { kind: 'fixed' })));
    rules.given().when(createCommand({ category: fixedId })).then(recordedAs(spending('2026-04-03', 45_00, { kind: 'fixed' })));
    const inGarden = recordedAs(spending('2026-04-03', 45_00, { categoryId: garden }));
    ledgerRules({ family: homeAfter(gardenAdded) }).given().when(createCommand({ category: garden })).then(inGarden);
  });

  it('counts planned income unless it is said to be extra, without a category', () => {
    const salary = { type: 'income', category: null } as const;
    rules.given().when(createCommand(salary)).then(recordedAs(income('2026-04-03', 45_00)));
    rules.given().when(createCommand({ ...salary, incomeKind: 'extra' })).then(recordedAs(income('2026-04-03', 45_00, 'extra')));
  });

  it.each<[string, Partial<Entry>, string, string]>([
    ['an income with a category', { type: 'income' }, '/category', 'no_category_for_income'],
    ['an expense without one', { category: null }, '/category', 'required'],
    ['a category of nobody', { category: garden }, '/category', 'unknown_category'],
    ['an expense with a kind of income', { incomeKind: 'extra' }, '/incomeKind', 'not_an_income'],
    ['a refund with a kind of income', { type: 'refund', incomeKind: 'planned' }, '/incomeKind', 'not_an_income'],
    ['a stranger who paid', { paidBy: 'eve' }, '/paidBy', 'not_a_member'],
    ['somebody called like a property of every object', { paidBy: 'constructor' }, '/paidBy', 'not_a_member'],
    ['the refund of nothing', { type: 'refund', originalTransactionId: ID }, '/originalTransactionId', 'not_a_live_expense'],
  ])('refuses %s and names the field', (_, entry, pointer, code) => {
    const refusal = refusalOf(createCommand(entry));
    expect(refusal.code).toBe('VALIDATION_FAILED');
    expect(refusal.data.errors).toEqual([{ pointer, code, message: expect.any(String) as string }]);
  });

  it('refuses an amount with more decimals than the currency has, and names the field', () => {
    const refusal = refusalOf(createCommand({ amount: amount('45.001') }));
    expect([refusal.code, refusal.data.errors?.[0]?.pointer]).toEqual(['AMOUNT_PRECISION', '/amount']);
  });

  it('refuses an archived category until it is restored', () => {
    const family = homeAfter(gardenAdded, gardenArchived);
    const refusal = refusalOf(createCommand({ category: garden }), { family });
    expect([refusal.code, refusal.data.errors?.[0]?.pointer]).toEqual(['CATEGORY_ARCHIVED', '/category']);
    const restored = homeAfter(gardenAdded, gardenArchived, { type: 'CategoryRestored', data: { categoryId: garden } });
    const recorded = recordedAs(spending('2026-04-03', 45_00, { categoryId: garden }));
    ledgerRules({ family: restored }).given().when(createCommand({ category: garden })).then(recorded);
  });
});

describe('the date of a transaction', () => {
  it('is between the start of the budget and two years from the family\'s today', () => {
    for (const date of ['2026-04-01', '2028-04-10']) {
      rules.given().when(createCommand({ type: 'income', category: null, date: day(date) })).then(recordedAs(income(date, 45_00)));
    }
    const early = refusalOf(createCommand({ date: day('2026-03-31') }));
    expect([early.code, early.data.errors?.[0]?.pointer]).toEqual(['BEFORE_BUDGET_START', '/date']);
    const late = refusalOf(createCommand({ date: day('2028-04-11') }));
    expect([late.code, late.data.errors?.[0]?.pointer]).toEqual(['DATE_OUT_OF_RANGE', '/date']);
  });

  it('commits a variable line that is still to come, by the clock of the family\'s zone', () => {
    const command = createCommand({ date: day('2026-04-11') });
    rules.given().when(command).then(recordedAs(spending('2026-04-11', 45_00, { timing: 'committed' })));
    // Half an hour after midnight in London, before it in Greenwich.
    const justAfterMidnight = Date.parse('2026-04-10T23:30:00.000Z');
    ledgerRules({ now: justAfterMidnight }).given().when(command).then(recordedAs(spending('2026-04-11', 45_00)));
  });

  it('commits a variable refund, and no line of another kind', () => {
    const date = day('2026-04-11');
    const refund = recordedAs(spending('2026-04-11', 45_00, { type: 'refund', timing: 'committed' }));
    rules.given().when(createCommand({ type: 'refund', date })).then(refund);
    rules.given().when(createCommand({ category: 'fixed', date })).then(recordedAs(spending('2026-04-11', 45_00, { kind: 'fixed' })));
    rules.given().when(createCommand({ type: 'income', category: null, date })).then(recordedAs(income('2026-04-11', 45_00)));
  });

  it('is not in a closed period, unless the sender lets it count in the open one', () => {
    const family = homeAfter(aprilClosed);
    const refusal = refusalOf(createCommand(), { family });
    expect(refusal.code).toBe('PERIOD_CLOSED');
    expect(refusal.data).toMatchObject({ period: '2026-04-01', errors: [{ pointer: '/date', code: 'period_closed' }] });
    const closed = ledgerRules({ family });
    closed.given().when(createCommand({}, { acceptsClosedPeriod: true })).then(recordedAs());
    const inMay = createCommand({ date: day('2026-05-01') });
    closed.given().when(inMay).then(recordedAs(spending('2026-05-01', 45_00, { timing: 'committed' })));
  });
});

describe('recording a refund', () => {
  const refund = createCommand({ type: 'refund', category: null, originalTransactionId: ID }, { clientId: 'c-2' });
  const given = spending('2026-04-03', 45_00, { type: 'refund', originalTransactionId: ID });

  it('names what it gives back, and takes its category from there', () => {
    const fixed = { kind: 'fixed' } as const;
    const rent = recordedAs(spending('2026-04-03', 900_00, fixed));
    rules.given(rent).when(refund).then(recordedAs({ ...given, lines: spending('2026-04-03', 45_00, fixed).lines }, { clientId: 'c-2' }));
  });

  it('may have another category, and none to take it from', () => {
    rules.given(recordedAs()).when({ ...refund, entry: { ...refund.entry, category: 'variable' } }).then(recordedAs(given, { clientId: 'c-2' }));
    const unnamed = { ...refund, entry: { ...refund.entry, category: 'variable', originalTransactionId: null } };
    rules.given().when(unnamed).then(recordedAs({ ...given, originalTransactionId: null }, { clientId: 'c-2' }));
    rules.given().when({ ...unnamed, entry: { ...unnamed.entry, category: null } }).refuses('VALIDATION_FAILED');
  });

  it('may be of an expense in another month, and in a category that was archived since', () => {
    const old = ledgerDecider.evolve(initialLedger, recordedAs(spending('2026-04-03', 90_00, { categoryId: garden })));
    const original = transactionIn(old, ID) ?? null;
    const inMay = createCommand({ ...refund.entry, date: day('2026-05-02') }, { clientId: 'c-2' });
    const lines = spending('2026-05-02', 45_00, { categoryId: garden }).lines;
    const expected = recordedAs({ ...given, date: day('2026-05-02'), timing: 'committed', lines }, { clientId: 'c-2' });
    ledgerRules({ family: homeAfter(gardenAdded, gardenArchived), original }).given().when(inMay).then(expected);
  });

  it('is refused for what is no live expense', () => {
    for (const history of [[], [recordedAs(income('2026-04-03', 45_00))], [recordedAs(), voidedAs()], [recordedAs({ ...LUNCH, type: 'refund' })]]) {
      rules.given(...history).when(refund).refuses('VALIDATION_FAILED');
    }
  });

  it('has nothing to do when it is sent again, whatever became of the original', () => {
    const recorded = recordedAs(given, { clientId: 'c-2' });
    const elsewhere = spending('2026-04-03', 45_00, { kind: 'fixed' });
    rules.given(recordedAs(), recorded, amendedTo(elsewhere)).when(refund).then();
    rules.given(recordedAs(), recorded, voidedAs()).when(refund).then();
  });
});

describe('the same clientId again', () => {
  const longAfter = ledgerRules({ family: homeAfter(aprilClosed), now: Date.parse('2027-01-01T00:00:00.000Z') });

  it('is quiet for the same content, whatever was closed, amended or voided between', () => {
    longAfter.given(recordedAs()).when(createCommand()).then();
    longAfter.given(recordedAs(), amendedTo(spending('2026-04-09', 1))).when(createCommand()).then();
    longAfter.given(recordedAs(), voidedAs()).when(createCommand()).then();
  });

  it('is quiet for its sender even when the category was archived and the sender has left', () => {
    const family = homeAfter(gardenAdded, gardenArchived);
    const command = createCommand({ category: garden }, { actor: 'eve' });
    const recorded = recordedAs(spending('2026-04-03', 45_00, { categoryId: garden, paidBy: 'eve' }), { recordedBy: 'eve' });
    ledgerRules({ family }).given(recorded).when(command).then();
  });

  it('is quiet on whatever day it is sent, when the date was left to the family\'s today', () => {
    const command = createCommand({ date: day('2026-04-04') }, { isDateGiven: false });
    rules.given(recordedAs()).when(command).then();
  });

  it('is quiet although the day has come that it was committed for', () => {
    const later = ledgerRules({ now: Date.parse('2026-04-12T12:00:00.000Z') });
    later.given(recordedAs(spending('2026-04-11', 45_00, { timing: 'committed' }))).when(createCommand({ date: day('2026-04-11') })).then();
  });

  it.each<[string, Partial<Entry>]>([
    ['amount', { amount: amount('45.01') }],
    ['amount that is none in this currency', { amount: amount('45.000') }],
    ['type', { type: 'refund' }],
    ['date', { date: day('2026-04-04') }],
    ['category', { category: 'fixed' }],
    ['category, left out', { category: null }],
    ['description', { description: sealedBy('ada') }],
    ['payer', { paidBy: 'bob' }],
    ['kind of income', { incomeKind: 'extra' }],
    ['original', { originalTransactionId: ID }],
  ])('is refused with another %s, and names the transaction that has it', (_, entry) => {
    rules.given(recordedAs()).when(createCommand(entry)).refuses('IDEMPOTENCY_KEY_REUSED');
    const known = ledgerDecider.evolve(initialLedger, recordedAs());
    const facts: LedgerFacts = { family: homeAfter(), now: NOW, elsewhere: null, original: null };
    const decide = () => ledgerDecider.decide(createCommand(entry), known, facts);
    expect(decide).toThrow(expect.objectContaining({ data: { clientId: 'c-1', transactionId: ID } }));
  });

  it('is refused with another text, or one of somebody else', () => {
    const described = recordedAs(spending('2026-04-03', 45_00, { description: sealedBy('ada') }));
    rules.given(described).when(createCommand({ description: sealedBy('ada') })).then();
    for (const description of [sealedBy('ada', 'YW5vdGhlcg'), sealedBy('bob'), null]) {
      rules.given(described).when(createCommand({ description })).refuses('IDEMPOTENCY_KEY_REUSED');
    }
  });

  it('is refused for income of another kind, and quiet for the one that was meant', () => {
    const salary = recordedAs(income('2026-04-03', 45_00));
    const said = (incomeKind: Entry['incomeKind']) => createCommand({ type: 'income', category: null, incomeKind });
    rules.given(salary).when(said(null)).then();
    rules.given(salary).when(said('planned')).then();
    rules.given(salary).when(said('extra')).refuses('IDEMPOTENCY_KEY_REUSED');
  });

  it('is refused to another member, and tells people outside nothing', () => {
    rules.given(recordedAs()).when(createCommand({ paidBy: 'ada' }, { actor: 'bob' })).refuses('IDEMPOTENCY_KEY_REUSED');
    rules.given(recordedAs()).when(createCommand({}, { actor: 'eve' })).refuses('NOT_FOUND');
    rules.given(recordedAs()).when(createCommand({}, { actor: 'carol' })).refuses('FORBIDDEN');
  });

  it('is refused when it is known from another month, and tells people outside nothing', () => {
    const elsewhere = ledgerRules({ elsewhere: ID });
    const inMay = (actor: string) => createCommand({ date: day('2026-05-01') }, { actor });
    elsewhere.given().when(inMay('ada')).refuses('IDEMPOTENCY_KEY_REUSED');
    elsewhere.given().when(inMay('eve')).refuses('NOT_FOUND');
    expect(refusalOf(inMay('ada'), { elsewhere: ID }).data).toEqual({ clientId: 'c-1', transactionId: ID });
  });

  it('is quiet for whatever was recorded', () => {
    const anyEntry = fc.record({
      type: fc.constantFrom<Entry['type'][]>('expense', 'refund'),
      date: fc.integer({ min: 1, max: 30 }).map((dayOfMonth) => day(`2026-04-${String(dayOfMonth).padStart(2, '0')}`)),
      amount: fc.integer({ min: 1, max: 10 ** 9 }).map((minor) => amount((minor / 100).toFixed(2))),
      category: fc.constantFrom('fixed', 'variable', 'savings', fixedId),
      paidBy: fc.constantFrom(null, 'ada', 'bob', 'carol'),
      description: fc.constantFrom(null, sealedBy('ada')),
    });
    fc.assert(fc.property(anyEntry, (entry) => rules.given().when(createCommand(entry)).isQuietWhenRepeated()));
  });
});
