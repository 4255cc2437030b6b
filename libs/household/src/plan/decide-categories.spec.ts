import fc from 'fast-check';
import { uuidV5 } from '@daybook/kernel';
import { HOME } from '../../../../test/support/budget-events.js';
import { home, planRules, rent, RENT, rentAdded, sealedBy, UNNAMED } from '../../../../test/support/plan-rules.js';
import { CATEGORY_KINDS } from '../budget/policies.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { AddCategory, PlanCommand } from './commands.js';
import type { PlanEvent } from './events.js';

const rules = planRules();
const on = { familyId: HOME, by: 'ada', categoryId: RENT };
const flat = sealedBy('ada', 'flat');
const archived: FamilyEvent = { type: 'CategoryArchived', data: { categoryId: RENT } };
const renamed: FamilyEvent = { type: 'CategoryRenamed', data: { categoryId: RENT, before: rent, after: flat } };

describe('adding a category', () => {
  const add = (change: Partial<AddCategory> = {}): AddCategory => ({ type: 'addCategory', ...on, kind: 'fixed', name: rent, ...change });

  it('adds it under its kind and name', () => {
    rules.given(...home()).when(add()).then({ type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: rent } });
  });

  it('may give a name that another category has', () => {
    const categoryId = uuidV5(HOME, 'other');
    rules.given(...home(), rentAdded()).when(add({ categoryId }))
      .then({ type: 'CategoryAdded', data: { categoryId, kind: 'fixed', name: rent } });
  });

  it('has nothing to do when it was added, whatever became of it since', () => {
    rules.given(...home(), rentAdded()).when(add()).then();
    rules.given(...home(), rentAdded(), renamed, archived).when(add()).then();
  });

  it.each<[string, Partial<AddCategory>]>([
    ['another kind', { kind: 'variable' }],
    ['another name', { name: flat }],
    ['the same name by somebody else', { name: sealedBy('bob', 'rent') }],
    ['the id of a default category', { categoryId: UNNAMED }],
  ])('is refused under an id that is taken: %s', (_, change) => {
    rules.given(...home(), rentAdded()).when(add(change)).refuses('IDEMPOTENCY_KEY_REUSED');
  });

  it('is refused after a hundred, archived ones included', () => {
    const others = Array.from({ length: 96 }, (_, index): FamilyEvent => {
      return { type: 'CategoryAdded', data: { categoryId: uuidV5(HOME, String(index)), kind: 'variable', name: rent } };
    });
    rules.given(...home(), ...others).when(add()).then({ type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: rent } });
    const categoryId = uuidV5(HOME, 'one too many');
    rules.given(...home(), ...others, rentAdded(), archived).when(add({ categoryId })).refuses('VALIDATION_FAILED');
  });
});

describe('renaming a category', () => {
  const rename = (name = flat, categoryId = RENT): PlanCommand => ({ type: 'renameCategory', ...on, categoryId, name });

  it('carries both names', () => {
    rules.given(...home(), rentAdded()).when(rename()).then(renamed as PlanEvent);
  });

  it('gives a default category its first name', () => {
    rules.given(...home()).when(rename(flat, UNNAMED)).then({ type: 'CategoryRenamed', data: { categoryId: UNNAMED, before: null, after: flat } });
  });

  it('has nothing to do when it has that name', () => {
    rules.given(...home(), rentAdded()).when(rename(rent)).then();
    rules.given(...home(), rentAdded(), renamed).when(rename()).then();
  });

  it('is refused for a category that is not there', () => {
    rules.given(...home()).when(rename()).refuses('NOT_FOUND');
  });
});

describe('archiving a category', () => {
  const archive = (categoryId = RENT): PlanCommand => ({ type: 'archiveCategory', ...on, categoryId });

  it('takes it out of use', () => {
    rules.given(...home(), rentAdded()).when(archive()).then(archived as PlanEvent);
  });

  it('has nothing to do when it is archived', () => {
    rules.given(...home(), rentAdded(), archived).when(archive()).then();
  });

  it('is refused for a category that is not there', () => {
    rules.given(...home()).when(archive()).refuses('NOT_FOUND');
  });

  it.each(CATEGORY_KINDS)('is refused for the default category of kind %s, also under a name', (kind) => {
    const categoryId = defaultCategoryId(HOME, kind);
    const named: FamilyEvent = { type: 'CategoryRenamed', data: { categoryId, before: null, after: flat } };
    rules.given(...home(), named).when(archive(categoryId))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/categoryId', code: 'default_category' }] });
  });
});

describe('restoring a category', () => {
  const restore: PlanCommand = { type: 'restoreCategory', ...on };
  const restored: PlanEvent = { type: 'CategoryRestored', data: { categoryId: RENT } };

  it('takes it back into use', () => {
    rules.given(...home(), rentAdded(), archived).when(restore).then(restored);
  });

  it('has nothing to do when it is in use', () => {
    rules.given(...home(), rentAdded()).when(restore).then();
    rules.given(...home(), rentAdded(), archived, restored as FamilyEvent).when(restore).then();
  });

  it('is refused for a category that is not there', () => {
    rules.given(...home()).when(restore).refuses('NOT_FOUND');
  });
});

describe('whatever is done to categories', () => {
  const names = fc.constantFrom(rent, flat, sealedBy('bob', 'food'));
  const ids = fc.constantFrom(RENT, uuidV5(HOME, 'other'));
  const commands: fc.Arbitrary<PlanCommand> = fc.oneof(
    fc.record({ categoryId: ids, name: names, kind: fc.constantFrom(...CATEGORY_KINDS) }).map((rest) => ({ type: 'addCategory', ...on, ...rest }) as const),
    fc.record({ categoryId: ids, name: names }).map((rest) => ({ type: 'renameCategory', ...on, ...rest }) as const),
    ids.map((categoryId) => ({ type: 'archiveCategory', ...on, categoryId }) as const),
    ids.map((categoryId) => ({ type: 'restoreCategory', ...on, categoryId }) as const),
  );
  const histories = fc.subarray([rentAdded(), renamed, archived]).filter((events) => events.length === 0 || events[0]?.type === 'CategoryAdded');

  it('leaves nothing to do for a repeat', () => {
    fc.assert(
      fc.property(histories, commands, (history, command) => {
        const decision = rules.given(...home(), ...history).when(command);
        fc.pre(!decision.isRefused());
        decision.isQuietWhenRepeated();
      }),
    );
  });
});
