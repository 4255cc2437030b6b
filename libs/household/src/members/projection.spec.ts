import { familyCreated, HOME } from '../../../../test/support/budget-events.js';
import { project } from '../../../../test/support/projected.js';
import { members } from './projection.js';

describe('the row of a membership', () => {
  it('says who belongs to which family, as what and since when', () => {
    expect(project(members).given(...familyCreated()).rows()).toEqual([
      { family_id: HOME, user_id: 'ada', role: 'manager', joined_at: '2026-04-01T10:00:01.000Z' },
    ]);
  });
});
