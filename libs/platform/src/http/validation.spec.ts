import { DaybookError } from '@daybook/kernel';
import { z } from 'zod';
import { assertGivenOnce, validationFailedBy } from './validation.js';

function refusalOf(schema: z.ZodType, given: unknown): DaybookError {
  const parsed = schema.safeParse(given);
  if (parsed.success) throw new Error('nothing was refused');
  return validationFailedBy(parsed.error);
}

describe('a refused message', () => {
  const even = z.number().refine((value) => value % 2 === 0, { message: 'must be even', params: { code: 'odd' } });
  const small = z.number().refine((value) => value < 10, { message: 'must be small' });
  const schema = z.strictObject({ even, small: small.optional() });

  it('names the rule by the code its contract gives, and never calls it custom', () => {
    expect(refusalOf(schema, { even: 1, small: 11 }).data.errors).toEqual([
      { pointer: '/even', code: 'odd', message: 'must be even' },
      { pointer: '/small', code: 'invalid_value', message: 'must be small' },
    ]);
  });

  it.each([[null], [undefined], [[]], ['text'], [1]])('that is %j instead of an object is told so', (given) => {
    const { detail, data } = refusalOf(schema, given);
    expect(detail).toBe('Expected an object with the arguments.');
    expect(data.errors).toEqual([{ pointer: '', code: 'invalid_type', message: 'Expected an object with the arguments' }]);
  });
});

describe('a query string', () => {
  it('that names a parameter twice is refused by the name of the parameter', () => {
    expect(() => assertGivenOnce({ one: 'a', other: ['a', 'a'] })).toThrow('other: is given twice.');
  });

  it('that names each parameter once is taken', () => {
    expect(() => assertGivenOnce({ one: 'a', other: '' })).not.toThrow();
  });
});
