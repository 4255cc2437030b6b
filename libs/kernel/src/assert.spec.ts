import { invariant, InvariantViolation, unreachable } from './assert.js';

describe('what must always hold', () => {
  it('passes in silence when it holds', () => {
    expect(() => invariant(true, 'the sky is above')).not.toThrow();
  });

  it('names itself when it does not', () => {
    expect(() => invariant(false, 'the sky is above')).toThrow(new InvariantViolation('the sky is above'));
  });

  it.each([
    [{ type: 'FamilyRenamed', name: 'Mia' }, 'unexpected "FamilyRenamed"'],
    [{ kind: 'snapshot', data: 'Mia' }, 'unexpected "snapshot"'],
    ['monthly', 'unexpected "monthly"'],
    [{ name: 'Mia' }, 'unexpected "object without type or kind"'],
    [null, 'unexpected null'],
  ])('a case nobody knows throws with its discriminant and without its content: %j', (value, message) => {
    expect(() => unreachable(value as never)).toThrow(new InvariantViolation(message));
  });
});
