import { parseCivilDate } from '@daybook/kernel';
import { familyCreated, HOME, planSet } from '../../../../test/support/budget-events.js';
import { project } from '../../../../test/support/projected.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { familyEvents, type FamilyEvent } from '../family/family-events.js';
import { planCounting } from './document.js';
import { families } from './projection.js';

const fixed = defaultCategoryId(HOME, 'fixed');
const RENT = '11111111-1111-4111-8111-111111111111';
const sealed = (data: string) => ({ sealed: 1, subject: 'ada', data }) as const;
const may = parseCivilDate('2026-05-01');
const settings = (data: Extract<FamilyEvent, { type: 'FamilySettingsChanged' }>['data']): FamilyEvent => ({ type: 'FamilySettingsChanged', data });

const born = familyCreated({ name: sealed('Home') });
const bornRow = {
  family_id: HOME,
  name: sealed('Home'),
  currency: 'EUR',
  zones: [{ from: null, timeZone: 'Europe/London' }],
  calendar: [{ from: '2026-04-01', startDay: 1 }],
  end_policy: 'carryBoth',
  members: [{ userId: 'ada', role: 'manager', joinedAt: '2026-04-01T10:00:01.000Z' }],
  created_at: '2026-04-01T10:00:00.000Z',
  version: 5,
};

describe('the row of a family', () => {
  it('says what it was founded with, who belongs to it, and which event was its last', () => {
    expect(project(families).given(...born).rows()).toEqual([bornRow]);
  });

  it('follows its settings, each from its day on', () => {
    const changed = project(families).given(
      ...born,
      settings({ name: { before: sealed('Home'), after: sealed('House') } }),
      settings({ timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from: may } }),
      settings({ startDay: { before: 1, after: 25, from: may }, endPolicy: { before: 'carryBoth', after: 'reset' } }),
    );
    expect(changed.rows()).toEqual([
      {
        ...bornRow,
        name: sealed('House'),
        zones: [...bornRow.zones, { from: may, timeZone: 'Asia/Tokyo' }],
        calendar: [...bornRow.calendar, { from: may, startDay: 25 }],
        end_policy: 'reset',
        version: 8,
      },
    ]);
  });

  it('takes every other event of its stream as the last one and nothing more', () => {
    const others: FamilyEvent[] = [
      { type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: sealed('Rent') } },
      { type: 'CategoryRenamed', data: { categoryId: RENT, before: sealed('Rent'), after: sealed('Flat') } },
      { type: 'CategoryArchived', data: { categoryId: RENT } },
      { type: 'CategoryRestored', data: { categoryId: RENT } },
      { type: 'FixedItemSettled', data: { period: may, categoryId: RENT } },
      { type: 'PeriodClosed', data: { period: parseCivilDate('2026-04-01'), endPolicy: 'reset', reason: null, shown: null } },
      { type: 'PeriodReopened', data: { period: parseCivilDate('2026-04-01'), reason: null } },
    ];
    for (const event of others) expect([event.type, project(families).given(...born, event).rows()]).toEqual([event.type, [{ ...bornRow, version: 6 }]]);
    expect(families.handles).toEqual(familyEvents.types);
  });

  it('is never made of an event that comes before its creation', () => {
    for (const event of born.slice(1)) expect(() => project(families).given(event).rows()).toThrow('never created');
    const unknown = { type: 'FamilyMoved', data: {} } as unknown as FamilyEvent;
    expect(() => families.evolve(null, { ...unknown, on: '2026-04-01' } as never, HOME)).toThrow();
  });
});

describe('the document of a family', () => {
  const planned = (day: string, events = [planSet('2026-05-01', { income: 1 }, 1), planSet('2026-06-01', { income: 2 }, 2)]) =>
    project(families).given(...born, ...events).on(day, settings({}));

  it.each([
    ['2026-04-30', ['2026-04-01', '2026-05-01', '2026-06-01']],
    ['2026-05-01', ['2026-05-01', '2026-06-01']],
    ['2026-06-15', ['2026-06-01']],
    ['2027-01-01', ['2026-06-01']],
  ])('has on %s the plans that can still count from then on', (day, periods) => {
    expect(planned(day).document(HOME)?.budget.plans.map(({ period }) => period)).toEqual(periods);
  });

  it('keeps all plans while the budget has not started', () => {
    const early = project(families).given(...familyCreated({ budgetStartDate: '2026-06-01' }), planSet('2026-07-01', {}, 1));
    expect(early.document(HOME)?.budget.plans.map(({ period }) => period)).toEqual(['2026-06-01', '2026-07-01']);
  });

  it('counts plans as often as they were set, and lets go of what was settled', () => {
    const settled: FamilyEvent = { type: 'FixedItemSettled', data: { period: may, categoryId: fixed } };
    const { budget } = planned('2026-06-15', [planSet('2026-05-01', {}, 1), planSet('2026-05-01', {}, 2), settled]).document(HOME) ?? {};
    expect(budget).toMatchObject({ version: 3, settled: {} });
  });

  it('tells the plan that counts for a period, by the ids of its categories', () => {
    const document = planned('2026-04-10').document(HOME);
    if (document === null) throw new Error('the family is there');
    expect(planCounting(document, may)).toEqual({ period: may, income: '1', savings: '50000', fixed: { [fixed]: '200000' } });
    expect(planCounting(document, parseCivilDate('2026-03-01'))).toBeUndefined();
    expect(document.fixedCategories).toEqual([fixed]);
  });
});
