import * as fc from 'fast-check';
import { familyLives, historyOfLife } from '../../../../test/support/family-lives.js';
import { tries } from '../../../../test/support/random-lives.js';
import { periodsBetween } from './calendar.js';
import { periodTotals, totalsOfPeriods } from './period-overview.js';
import { latestDate } from './today.js';

describe('the figures of many periods', () => {
  it('are those of each of them alone, whichever they are', () => {
    fc.assert(
      fc.property(familyLives(), fc.func(fc.boolean()), (life, isAsked) => {
        const { document, day } = historyOfLife(life);
        const [first] = document.plan.calendar;
        const all = first === undefined ? [] : periodsBetween(document.plan.calendar, first.from, latestDate(day));
        const asked = all.filter(({ start }) => isAsked(start)).reverse();
        expect(totalsOfPeriods(document, asked, day)).toEqual(asked.map((period) => periodTotals(document, period, day)));
      }),
      tries(40),
    );
  });
});
