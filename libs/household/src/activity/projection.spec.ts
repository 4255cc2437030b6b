import { familyCreated, HOME, recorded, spending } from '../../../../test/support/budget-events.js';
import { project } from '../../../../test/support/projected.js';
import { householdEvents } from '../family/family-events.js';
import { activity } from './projection.js';

describe('the rows of the feed', () => {
  it('are one an event, with what it says as it was stored', () => {
    const events = [...familyCreated(), recorded('bread', spending('2026-04-02', 450))];
    const rows = project(activity).given(...events).rows();
    expect(rows.map(({ type, facts, seq }) => ({ type, facts, seq }))).toEqual(
      events.map(({ type, data }, index) => ({ type, facts: data, seq: index + 1 })),
    );
    expect(rows[1]).toEqual({
      family_id: HOME,
      seq: 2,
      at: '2026-04-01T10:00:01.000Z',
      on_date: '2026-04-01',
      actor: 'ada',
      type: 'MemberJoined',
      facts: { userId: 'ada', role: 'manager', via: 'founding' },
    });
  });

  it('leave no event of the household out, and have no document behind them', () => {
    expect(activity.handles).toEqual(householdEvents.types);
    expect(project(activity).given(...familyCreated()).document(HOME)).toBeNull();
    expect(activity.evolve(null, {} as never, HOME)).toBeNull();
  });
});
