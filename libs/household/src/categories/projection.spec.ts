import { HOME } from '../../../../test/support/budget-events.js';
import { project } from '../../../../test/support/projected.js';
import type { PlanEvent } from '../plan/events.js';
import { categories } from './projection.js';

const RENT = '11111111-1111-4111-8111-111111111111';
const FOOD = '22222222-2222-4222-8222-222222222222';
const sealed = (data: string) => ({ sealed: 1, subject: 'ada', data }) as const;
const added: PlanEvent = { type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: sealed('Rent') } };
const renamed: PlanEvent = { type: 'CategoryRenamed', data: { categoryId: RENT, before: sealed('Rent'), after: sealed('Flat') } };
const archived: PlanEvent = { type: 'CategoryArchived', data: { categoryId: RENT } };
const restored: PlanEvent = { type: 'CategoryRestored', data: { categoryId: RENT } };

const row = { family_id: HOME, category_id: RENT, kind: 'fixed', name: sealed('Rent'), is_archived: false, seq: 1 };

describe('the row of a category', () => {
  it('says its kind and name, and in which order it was added', () => {
    const food: PlanEvent = { type: 'CategoryAdded', data: { categoryId: FOOD, kind: 'variable', name: null } };
    expect(project(categories).given(added, food).rows()).toEqual([
      row,
      { family_id: HOME, category_id: FOOD, kind: 'variable', name: null, is_archived: false, seq: 2 },
    ]);
  });

  it('follows its name, and goes out of use and back', () => {
    expect(project(categories).given(added, renamed).rows()).toEqual([{ ...row, name: sealed('Flat') }]);
    expect(project(categories).given(added, renamed, archived).rows()).toEqual([{ ...row, name: sealed('Flat'), is_archived: true }]);
    expect(project(categories).given(added, archived, restored).rows()).toEqual([row]);
  });

  it('cannot change before it is there, or by an event nobody knows', () => {
    for (const event of [renamed, archived, restored]) {
      expect(() => project(categories).given(event).rows()).toThrow('never added');
      expect(categories.handles).toContain(event.type);
    }
    const painted = { type: 'CategoryPainted', data: { categoryId: RENT } } as never;
    expect(() => categories.evolve(project(categories).given(added).document(RENT), painted, RENT)).toThrow('does not know');
  });
});
