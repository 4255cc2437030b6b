import { DaybookError } from '@daybook/kernel';
import { validationFailedBy } from '@daybook/platform';
import { z } from 'zod';
import { amountInput, amountOf, type AmountText } from './amount-input.js';

const fromZero = z.strictObject({ amount: amountInput() });
const aboveZero = z.strictObject({ amount: amountInput({ mustBePositive: true }) });

function faultOf(contract: typeof fromZero, args: unknown): unknown {
  const parsed = contract.safeParse(args);
  return parsed.success ? parsed.data.amount : validationFailedBy(parsed.error).data.errors;
}

describe('an amount that was sent', () => {
  it.each([
    ['12.50', '12.50'],
    ['0', '0'],
    ['0.00', '0.00'],
    [12.5, '12.5'],
    [0, '0'],
    [1e15, '1000000000000000'],
    ['9999999999999999999999', '9999999999999999999999'],
  ])('is taken as it is written: %j', (amount, text) => {
    expect(faultOf(fromZero, { amount })).toBe(text);
  });

  it.each([
    '', ' ', '1.', '.5', '01', '+1', '1,50', '1 000', '1e3', '0x10', '１２', 'NaN', 'Infinity', '--1', '12.50 EUR', '1'.repeat(1_000_000),
    1e21, 1e-7, Number.NaN, Infinity, null, true, [], ['1'], {}, { amount: '1' },
  ])('is refused as no plain number: %p', (amount) => {
    expect(faultOf(fromZero, { amount })).toEqual([
      { pointer: '/amount', code: 'invalid_amount', message: 'must be a plain decimal number such as "12.50"' },
    ]);
  });

  it('is asked for where it is missing', () => {
    expect(faultOf(fromZero, {})).toEqual([{ pointer: '/amount', code: 'required', message: 'This field is required' }]);
  });

  it.each(['-1', '-0.01', -1, '-0'])('is refused below zero: %p', (amount) => {
    expect(faultOf(fromZero, { amount })).toEqual([{ pointer: '/amount', code: 'too_small', message: 'must be 0 or more' }]);
  });

  it.each(['-1', '0', '0.00', 0])('is refused where it must be more than zero: %p', (amount) => {
    expect(faultOf(aboveZero, { amount })).toEqual([{ pointer: '/amount', code: 'too_small', message: 'must be more than 0' }]);
    expect(faultOf(aboveZero, { amount: '0.01' })).toBe('0.01');
  });
});

describe('an amount in its currency', () => {
  const inMinor = (text: string, currency: string): bigint => amountOf(text as AmountText, currency, '/lines/0/amount');

  it('is exact', () => {
    expect([inMinor('12.5', 'EUR'), inMinor('12', 'JPY'), inMinor('1.005', 'KWD'), inMinor('10000000000000', 'EUR')]).toEqual([
      1250n, 12n, 1005n, 10n ** 15n,
    ]);
  });

  it.each([
    ['12.345', 'EUR', 'AMOUNT_PRECISION', 'too_many_decimals', 'An amount in EUR has at most 2 decimals.'],
    ['12.0', 'JPY', 'AMOUNT_PRECISION', 'too_many_decimals', 'An amount in JPY has at most 0 decimals.'],
    ['10000000000000.01', 'EUR', 'VALIDATION_FAILED', 'too_big', 'An amount is at most 10^15 minor units of its currency.'],
  ])('is refused with the place it was sent in: %s %s', (text, currency, code, rule, message) => {
    const errors = [{ pointer: '/lines/0/amount', code: rule, message }];
    expect(() => inMinor(text, currency)).toThrow(expect.objectContaining({ code, data: { errors } }));
  });

  it('does not hide what is no refusal', () => {
    const broken = { toString: () => { throw new TypeError('broken'); } } as unknown as AmountText;
    expect(() => amountOf(broken, 'EUR', '/amount')).toThrow(TypeError);
    expect(() => amountOf('1' as AmountText, 'EUR', '/amount')).not.toThrow(DaybookError);
  });
});
