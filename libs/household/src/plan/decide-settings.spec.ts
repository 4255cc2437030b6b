import fc from 'fast-check';
import { parseCivilDate } from '@daybook/kernel';
import { HOME } from '../../../../test/support/budget-events.js';
import { home, planRules, sealedBy } from '../../../../test/support/plan-rules.js';
import { periodOf, periodsBetween } from '../budget/calendar.js';
import { END_POLICIES } from '../budget/policies.js';
import type { FamilyEvent } from '../family/family-events.js';
import { evolveFamily, initialFamily } from '../family/family-state.js';
import type { ChangeFamilySettings } from './commands.js';
import type { PlanEvent } from './events.js';

type Settings = Extract<PlanEvent, { type: 'FamilySettingsChanged' }>['data'];

const rules = planRules();
const day = parseCivilDate;
const may = day('2026-05-01');
const cottage = sealedBy('ada', 'cottage');
const homeName = sealedBy('ada', 'c2VhbGVk');

function change(to: Partial<ChangeFamilySettings>): ChangeFamilySettings {
  const same = { name: null, timeZone: null, effective: 'nextPeriod', startDay: null, endPolicy: null } as const;
  return { type: 'changeFamilySettings', familyId: HOME, by: 'ada', ...same, ...to };
}
const changed = (data: Settings): FamilyEvent & PlanEvent => ({ type: 'FamilySettingsChanged', data });
const toTokyo = changed({ timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from: may } });
const to25th = changed({ startDay: { before: 1, after: 25, from: may } });

describe('changing the settings of a family', () => {
  it('stores what differs, with what it was', () => {
    rules.given(...home()).when(change({ name: cottage, startDay: 25, endPolicy: 'reset', timeZone: 'Asia/Tokyo' })).then(
      changed({
        name: { before: homeName, after: cottage },
        timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from: may },
        startDay: { before: 1, after: 25, from: may },
        endPolicy: { before: 'carryBoth', after: 'reset' },
      }),
    );
  });

  it('leaves out what is as it was', () => {
    rules.given(...home()).when(change({ name: homeName, startDay: 1, endPolicy: 'reset', timeZone: 'Europe/London' }))
      .then(changed({ endPolicy: { before: 'carryBoth', after: 'reset' } }));
  });

  it('has nothing to do when nothing differs', () => {
    rules.given(...home()).when(change({ name: homeName, startDay: 1, endPolicy: 'carryBoth', timeZone: 'Europe/London' })).then();
    rules.given(...home(), toTokyo, to25th).when(change({ timeZone: 'Asia/Tokyo', startDay: 25 })).then();
  });

  it('takes the same name from another person as another name: who wrote it is who can have it forgotten', () => {
    const byBob = sealedBy('bob', 'c2VhbGVk');
    rules.given(...home()).when(change({ name: byBob })).then(changed({ name: { before: homeName, after: byBob } }));
  });

  it('is refused to who is no manager, and to who is no member', () => {
    rules.given(...home()).when(change({ by: 'bob', startDay: 25 })).refuses('FORBIDDEN');
    rules.given(...home()).when(change({ by: 'stranger', startDay: 25 })).refuses('NOT_FOUND');
  });

  it('leaves nothing to do for a repeat, whatever was changed', () => {
    const changes = fc.record({
      name: fc.constantFrom(null, homeName, cottage),
      timeZone: fc.constantFrom(null, 'Europe/London', 'Asia/Tokyo', 'America/Los_Angeles'),
      effective: fc.constantFrom('nextPeriod' as const, 'now' as const),
      startDay: fc.option(fc.integer({ min: 1, max: 31 })),
      endPolicy: fc.constantFrom(null, ...END_POLICIES),
    });
    const histories = fc.subarray([toTokyo, to25th]);
    fc.assert(
      fc.property(histories, changes, (history, to) => rules.given(...home(), ...history).when(change(to)).isQuietWhenRepeated()),
    );
  });
});

describe('a new time zone', () => {
  const from = (date: string, before = 'Europe/London', after = 'Asia/Tokyo') => changed({ timeZone: { before, after, from: day(date) } });

  it('counts from the next period on, or from today when it is asked for now', () => {
    rules.given(...home()).when(change({ timeZone: 'Asia/Tokyo' })).then(from('2026-05-01'));
    rules.given(...home()).when(change({ timeZone: 'Asia/Tokyo', effective: 'now' })).then(from('2026-04-10'));
  });

  it('counts from the first period on while the budget has not started', () => {
    rules.given(...home({ budgetStartDate: '2026-06-15' })).when(change({ timeZone: 'Asia/Tokyo' })).then(from('2026-06-15'));
  });

  it('can come sooner than it was announced', () => {
    rules.given(...home(), toTokyo).when(change({ timeZone: 'Asia/Tokyo', effective: 'now' })).then(from('2026-04-10'));
  });

  it('can be taken back before it counts, for the same day or from now on', () => {
    rules.given(...home(), toTokyo).when(change({ timeZone: 'Europe/London' })).then(from('2026-05-01', 'Asia/Tokyo', 'Europe/London'));
    rules.given(...home(), toTokyo).when(change({ timeZone: 'Europe/London', effective: 'now' }))
      .then(from('2026-04-10', 'Asia/Tokyo', 'Europe/London'));
  });

  it('has nothing to do once it counts', () => {
    planRules('2026-06-20').given(...home(), toTokyo).when(change({ timeZone: 'Asia/Tokyo', effective: 'now' })).then();
    planRules('2026-06-20').given(...home(), toTokyo).when(change({ timeZone: 'Asia/Tokyo' })).then();
  });
});

describe('a new start day', () => {
  function periodsAfter(...events: FamilyEvent[]): string[] {
    const { plan } = [...home(), ...events].reduce(evolveFamily, initialFamily);
    if (plan.status === 'unborn') throw new Error('the family is there');
    return periodsBetween(plan.budget.calendar, day('2026-04-01'), day('2026-06-30')).map(({ start, lastDay }) => `${start}..${lastDay}`);
  }

  it('lets the running period run out, then one up to the new day, then regular ones (V33)', () => {
    rules.given(...home()).when(change({ startDay: 25 })).then(to25th);
    expect(periodsAfter(to25th)).toEqual([
      '2026-04-01..2026-04-30',
      '2026-05-01..2026-05-24',
      '2026-05-25..2026-06-24',
      '2026-06-25..2026-07-24',
    ]);
  });

  it('can be changed again before it counts, and taken back', () => {
    const to10th = changed({ startDay: { before: 25, after: 10, from: may } });
    rules.given(...home(), to25th).when(change({ startDay: 10 })).then(to10th);
    expect(periodsAfter(to25th, to10th)).toContain('2026-05-01..2026-05-09');

    const back = changed({ startDay: { before: 25, after: 1, from: may } });
    rules.given(...home(), to25th).when(change({ startDay: 1 })).then(back);
    expect(periodsAfter(to25th, back)).toEqual(periodsAfter());
  });

  it('lets a short period run out as well', () => {
    planRules('2026-05-10').given(...home(), to25th).when(change({ startDay: 5 }))
      .then(changed({ startDay: { before: 25, after: 5, from: day('2026-05-25') } }));
  });

  it('shapes the first period while the budget has not started', () => {
    const to5th = changed({ startDay: { before: 1, after: 5, from: day('2026-06-15') } });
    const later = home({ budgetStartDate: '2026-06-15' });
    rules.given(...later).when(change({ startDay: 5 })).then(to5th);
    const { plan } = [...later, to5th].reduce(evolveFamily, initialFamily);
    expect(plan.status === 'open' && periodOf(plan.budget.calendar, day('2026-06-15'))).toMatchObject({ start: '2026-06-15', nextStart: '2026-07-05' });
  });
});
