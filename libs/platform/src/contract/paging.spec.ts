import { DaybookError } from '@daybook/kernel';
import * as fc from 'fast-check';
import { z } from 'zod';
import { validationFailedBy } from '../http/validation.js';
import { schemaOf } from './openapi-answers.js';
import { booleanInput, intInput, pageArgs, pageCursor } from './paging.js';

const list = z.strictObject({ familyId: z.string(), isOpen: booleanInput().optional(), year: intInput(1970, 9999).optional(), ...pageArgs });

function refusalOf(given: unknown): DaybookError['data']['errors'] {
  const parsed = list.safeParse(given);
  return parsed.success ? undefined : validationFailedBy(parsed.error).data.errors;
}

describe('the arguments of a list', () => {
  it('are the newest fifty where nothing else is said', () => {
    expect(list.parse({ familyId: 'home' })).toEqual({ familyId: 'home', limit: 50, order: 'desc' });
  });

  it('are text in a query string and JSON values in a body', () => {
    const parsed = { familyId: 'home', isOpen: true, year: 2026, limit: 200, order: 'asc' };
    expect(list.parse({ familyId: 'home', isOpen: 'true', year: '2026', limit: '200', order: 'asc' })).toEqual(parsed);
    expect(list.parse(parsed)).toEqual(parsed);
    expect(list.parse({ familyId: 'home', isOpen: 'false' })).toMatchObject({ isOpen: false });
    expect(list.parse({ familyId: 'home', isOpen: false })).toMatchObject({ isOpen: false });
  });

  it.each([0, 201, 1.5, -1, NaN, Infinity, '0', '201', '1.0', '1e2', ' 5', '05', '+5', '', 'ten', '0x10', null, true, [5], {}])(
    'take no limit of %p',
    (limit) => {
      expect(refusalOf({ familyId: 'home', limit })).toEqual([
        { pointer: '/limit', code: 'invalid_value', message: 'must be a whole number from 1 to 200' },
      ]);
    },
  );

  it.each(['', '1', 'TRUE', 'yes', 0, 1, null, []])('take no %p for yes or no', (isOpen) => {
    expect(refusalOf({ familyId: 'home', isOpen })).toEqual([
      { pointer: '/isOpen', code: 'invalid_value', message: 'must be true or false' },
    ]);
  });

  it('name a number that is missing as any other field', () => {
    const parsed = z.strictObject({ year: intInput(1970, 9999) }).safeParse({});
    expect(parsed.success ? [] : validationFailedBy(parsed.error).data.errors).toEqual([
      { pointer: '/year', code: 'required', message: 'This field is required' },
    ]);
  });

  it('stand in OpenAPI as what they are', () => {
    expect(schemaOf(list, 'input')).toMatchObject({
      required: ['familyId'],
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
        isOpen: { type: 'boolean' },
        cursor: { type: 'string' },
        order: { enum: ['desc', 'asc'], default: 'desc' },
      },
    });
  });
});

describe('the cursor of a list', () => {
  const args = { familyId: 'home', category: 'food', limit: 50, order: 'desc', cursor: undefined };
  const cursor = pageCursor('getFamilyTransactions', args);
  const given = cursor.encode(['2026-04-01', 'id-7']);
  const refused = expect.objectContaining({ code: 'CURSOR_INVALID', data: expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/cursor' })] }) }) as Error;

  it('brings back the key it was made of, whatever the key is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 4 }), (key) => {
        fc.pre(key.every((part) => !/[\p{Cc}\p{Cs}]/u.test(part)));
        expect(cursor.decode(cursor.encode(key))).toEqual(key);
      }),
    );
  });

  it('is opaque and fit for a query string', () => {
    expect(given).toMatch(/^[\w-]+$/);
  });

  it('goes with another limit, and with the arguments in another order', () => {
    const later = pageCursor('getFamilyTransactions', { order: 'desc', limit: 10, category: 'food', cursor: given, familyId: 'home' });
    expect(later.decode(given)).toEqual(['2026-04-01', 'id-7']);
  });

  it.each([
    ['another query', pageCursor('getFamilyActivity', args)],
    ['another family', pageCursor('getFamilyTransactions', { ...args, familyId: 'cottage' })],
    ['another order', pageCursor('getFamilyTransactions', { ...args, order: 'asc' })],
    ['one argument less', pageCursor('getFamilyTransactions', { ...args, category: undefined })],
  ])('does not go with %s', (_, other) => {
    expect(() => other.decode(given)).toThrow(refused);
  });

  const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const digest = (JSON.parse(Buffer.from(given, 'base64url').toString()) as string[])[0] ?? '';
  it.each([
    ['nothing', ''],
    ['no base64url', '%%%'],
    ['padded', `${given}=`],
    ['cut off', given.slice(0, -3)],
    ['no JSON', Buffer.from('[').toString('base64url')],
    ['an object', text({ 0: digest })],
    ['a number in it', text([digest, 5])],
    ['null in it', text([digest, null])],
    ['a control character', text([digest, 'a\u0000b'])],
    ['a lone surrogate', text([digest, '\ud800'])],
    ['far too long', 'A'.repeat(1_000_000)],
    ['deep', text(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`))],
  ])('that is %s is refused', (_, hostile) => {
    expect(() => cursor.decode(hostile)).toThrow(refused);
  });

  it('never lets through what its key is not, also when somebody has made the rest of it right', () => {
    const shaped = pageCursor('getFamilyTransactions', args, [(part) => /^\d{4}-\d\d-\d\d$/.test(part), (part) => part !== '']);
    expect(shaped.decode(given)).toEqual(['2026-04-01', 'id-7']);
    for (const key of [['yesterday', 'id-7'], ['2026-04-01'], ['2026-04-01', 'id-7', 'more'], ['2026-04-01', '']]) {
      expect(() => shaped.decode(text([digest, ...key]))).toThrow(refused);
    }
  });
});
