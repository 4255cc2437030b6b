import { familyCreated, HOME, planSet } from '../../../../test/support/budget-events.js';
import { project } from '../../../../test/support/projected.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { plans } from './projection.js';

const fixed = defaultCategoryId(HOME, 'fixed');

describe('the rows of plans', () => {
  it('are one a plan that was set, whichever others it takes the place of', () => {
    const again = planSet('2026-04-01', { income: 1, savings: 2, fixed: 3 }, 1);
    expect(project(plans).given(...familyCreated(), again).rows()).toEqual([
      {
        family_id: HOME,
        version: 1,
        period: '2026-04-01',
        income: '500000',
        savings: '50000',
        fixed: { [fixed]: '200000' },
        set_at: '2026-04-01T10:00:05.000Z',
        set_by: 'ada',
      },
      {
        family_id: HOME,
        version: 2,
        period: '2026-04-01',
        income: '1',
        savings: '2',
        fixed: { [fixed]: '3' },
        set_at: '2026-04-01T10:00:06.000Z',
        set_by: 'ada',
      },
    ]);
  });

  it('have no document behind them', () => {
    expect(project(plans).given(...familyCreated()).document(HOME)).toBeNull();
    expect(plans.evolve(null, {} as never, HOME)).toBeNull();
  });
});
