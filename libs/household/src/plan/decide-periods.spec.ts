import fc from 'fast-check';
import { parseCivilDate } from '@daybook/kernel';
import { HOME, planSet } from '../../../../test/support/budget-events.js';
import { home, homeWithoutPlan, planRules, sealedBy } from '../../../../test/support/plan-rules.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { ClosePeriod, ReopenPeriod } from './commands.js';
import type { Shown } from './decide-periods.js';
import type { PlanEvent } from './events.js';

const day = parseCivilDate;
const reason = sealedBy('ada', 'because');
const [april, may, june] = ['2026-04-01', '2026-05-01', '2026-06-01'] as const;
const june10 = planRules('2026-06-10');

function close(period: string, change: Partial<ClosePeriod> = {}): ClosePeriod {
  return { type: 'closePeriod', familyId: HOME, by: 'ada', period: day(period), reason: null, ...change };
}
function reopen(period: string, change: Partial<ReopenPeriod> = {}): ReopenPeriod {
  return { type: 'reopenPeriod', familyId: HOME, by: 'ada', period: day(period), reason: null, ...change };
}
function closed(period: string, shown: Shown = null): FamilyEvent & PlanEvent {
  return { type: 'PeriodClosed', data: { period: day(period), endPolicy: 'carryBoth', reason: null, shown } };
}
function reopened(period: string): FamilyEvent & PlanEvent {
  return { type: 'PeriodReopened', data: { period: day(period), reason: null } };
}

describe('closing a period', () => {
  it('closes the oldest open one, named by any of its days', () => {
    june10.given(...home()).when(close('2026-04-17')).then(closed(april));
    june10.given(...home(), closed(april)).when(close('2026-05-31')).then(closed(may));
  });

  it('keeps the policy it was closed under, why, and what was shown', () => {
    const shown = { pool: '250000', spent: '262000', surplus: '-12000' };
    const toReset: FamilyEvent = { type: 'FamilySettingsChanged', data: { endPolicy: { before: 'carryBoth', after: 'reset' } } };
    planRules('2026-06-10', { shown }).given(...home(), toReset).when(close(april, { reason }))
      .then({ type: 'PeriodClosed', data: { period: day(april), endPolicy: 'reset', reason, shown } });
  });

  it('has nothing to do when it is closed', () => {
    june10.given(...home(), closed(april)).when(close(april, { reason })).then();
  });

  it('is possible from the day after its last one', () => {
    planRules('2026-05-01').given(...home()).when(close(april)).then(closed(april));
    planRules('2026-04-30').given(...home()).when(close(april)).refuses('DATE_OUT_OF_RANGE', {
      closableFrom: may,
      errors: [{ pointer: '/period', code: 'not_ended' }],
    });
  });

  it('is refused while an older one is open, and names it', () => {
    june10.given(...home()).when(close(may)).refuses('DATE_OUT_OF_RANGE', {
      closeFirst: april,
      errors: [{ pointer: '/period', code: 'not_the_oldest' }],
    });
    planRules('2026-07-01').given(...home(), closed(april)).when(close(june)).refuses('DATE_OUT_OF_RANGE', { closeFirst: may });
  });

  it('is refused before the budget starts', () => {
    june10.given(...home()).when(close('2026-03-31')).refuses('BEFORE_BUDGET_START', { errors: [{ pointer: '/period' }] });
  });

  it('is refused while nothing was planned for it', () => {
    june10.given(...homeWithoutPlan()).when(close(april)).refuses('PLAN_MISSING');
    const planned = [...homeWithoutPlan(), planSet(may, {}, 0) as FamilyEvent];
    june10.given(...planned).when(close(april)).refuses('PLAN_MISSING');
    june10.given(...planned, planSet(april, {}, 1) as FamilyEvent).when(close(april)).then(closed(april));
  });

  it('is refused to who is no manager, and to who is no member', () => {
    june10.given(...home()).when(close(april, { by: 'carol' })).refuses('FORBIDDEN');
    june10.given(...home()).when(close(april, { by: 'stranger' })).refuses('NOT_FOUND');
  });
});

describe('reopening a period', () => {
  it('opens the one closed last, named by any of its days', () => {
    june10.given(...home(), closed(april)).when(reopen('2026-04-30', { reason }))
      .then({ type: 'PeriodReopened', data: { period: day(april), reason } });
    june10.given(...home(), closed(april), closed(may), reopened(may)).when(reopen(april)).then(reopened(april));
  });

  it('has nothing to do when it is open, running, or to come', () => {
    for (const period of [april, june, '2026-12-01']) june10.given(...home()).when(reopen(period)).then();
    june10.given(...home(), closed(april), reopened(april)).when(reopen(april)).then();
    june10.given(...home(), closed(april)).when(reopen(may)).then();
  });

  it('is refused while a newer one is closed, and names it', () => {
    june10.given(...home(), closed(april), closed(may)).when(reopen(april)).refuses('DATE_OUT_OF_RANGE', {
      reopenFirst: may,
      errors: [{ pointer: '/period', code: 'not_the_newest' }],
    });
  });

  it('is refused before the budget starts', () => {
    june10.given(...home()).when(reopen('2026-03-31')).refuses('BEFORE_BUDGET_START');
  });

  it('lets a period be closed again', () => {
    june10.given(...home(), closed(april), reopened(april)).when(close(april)).then(closed(april));
  });
});

describe('whatever is closed and reopened', () => {
  const histories = fc.constantFrom<FamilyEvent[]>([], [closed(april)], [closed(april), closed(may)], [closed(april), reopened(april)]);
  const days = fc.constantFrom('2026-04-01', '2026-04-30', '2026-05-15', '2026-06-09', '2027-01-01');
  const commands = fc.oneof(days.map((period) => close(period)), days.map((period) => reopen(period)));

  it('leaves nothing to do for a repeat', () => {
    fc.assert(
      fc.property(histories, commands, (history, command) => {
        const decision = june10.given(...home(), ...history).when(command);
        fc.pre(!decision.isRefused());
        decision.isQuietWhenRepeated();
      }),
    );
  });
});
