import { parseCivilDate } from '@daybook/kernel';
import { periodOf, periodsBetween, withStartDay, type BudgetCalendar } from './calendar.js';

const date = parseCivilDate;
const entry = (from: string, startDay: number) => ({ from: date(from), startDay });
const ordinary: BudgetCalendar = [entry('2026-01-01', 1)];
const at = (calendar: BudgetCalendar, day: string) => periodOf(calendar, date(day));

describe('the periods of a family', () => {
  it('begin with the budget', () => {
    expect(at(ordinary, '2025-12-31')).toBeUndefined();
    expect(at(ordinary, '2026-01-01')).toEqual({ start: '2026-01-01', nextStart: '2026-02-01', lastDay: '2026-01-31', days: 31, fullDays: 31 });
  });

  it('have a shorter first one, with all of its plan, where the budget begins inside a month', () => {
    expect(at([entry('2026-01-20', 5)], '2026-02-04')).toEqual({ start: '2026-01-20', nextStart: '2026-02-05', lastDay: '2026-02-04', days: 16, fullDays: 16 });
  });

  it('have one stub where the start day changed, measured against the period it would have been', () => {
    const calendar = withStartDay(ordinary, entry('2026-02-01', 25));
    expect(periodsBetween(calendar, date('2026-01-31'), date('2026-02-25')).map(({ start, days, fullDays }) => [start, days, fullDays])).toEqual([
      ['2026-01-01', 31, 31],
      ['2026-02-01', 24, 28],
      ['2026-02-25', 28, 28],
    ]);
  });

  it('need no stub where the new start day begins that very day', () => {
    const calendar = withStartDay([entry('2026-01-30', 30)], entry('2026-02-28', 31));
    expect(at(calendar, '2026-02-28')).toEqual({ start: '2026-02-28', nextStart: '2026-03-31', lastDay: '2026-03-30', days: 31, fullDays: 31 });
  });

  it('are cut again from the stub on when the start day changes once more', () => {
    const calendar = withStartDay(withStartDay(ordinary, entry('2026-02-01', 25)), entry('2026-02-25', 10));
    expect(periodsBetween(calendar, date('2026-02-10'), date('2026-03-10')).map(({ start, days, fullDays }) => [start, days, fullDays])).toEqual([
      ['2026-02-01', 24, 28],
      ['2026-02-25', 13, 28],
      ['2026-03-10', 31, 31],
    ]);
  });

  it('cut the period before where a change counts from inside it', () => {
    const calendar = [entry('2026-01-01', 1), entry('2026-02-15', 20)];
    expect(at(calendar, '2026-02-10')).toEqual({ start: '2026-02-01', nextStart: '2026-02-15', lastDay: '2026-02-14', days: 14, fullDays: 14 });
  });

  it('are none where nobody asks for any', () => {
    expect(periodsBetween(ordinary, date('2025-12-31'), date('2026-02-01'))).toEqual([]);
    expect(periodsBetween(ordinary, date('2026-02-02'), date('2026-01-01'))).toEqual([]);
    expect(periodsBetween(ordinary, date('2026-02-02'), date('2026-03-01'))).toHaveLength(2);
  });
});
