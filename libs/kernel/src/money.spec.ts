import * as fc from 'fast-check';
import { CURRENCY_CODES, currencyDigits, parseCurrency } from './currency.js';
import { DaybookError } from './errors.js';
import {
  addMoney,
  compareMoney,
  formatMoney,
  MAX_AMOUNT_MINOR,
  negateMoney,
  parseMoney,
  restoreMoney,
  storeMoney,
  subtractMoney,
  withinLimit,
} from './money.js';

const EUR = parseCurrency('EUR');
const JPY = parseCurrency('JPY');
const KWD = parseCurrency('KWD');
const amounts = fc.bigInt({ min: -MAX_AMOUNT_MINOR, max: MAX_AMOUNT_MINOR });
const monies = fc.record({ amountMinor: amounts, currency: fc.constantFrom(...CURRENCY_CODES) });
const euros = amounts.map((amountMinor) => ({ amountMinor, currency: EUR }));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DaybookError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('an amount', () => {
  it.each([
    ['12.50', EUR, 1_250n],
    ['12.5', EUR, 1_250n],
    ['12', EUR, 1_200n],
    ['-0.05', EUR, -5n],
    ['-0', EUR, 0n],
    ['0.00', EUR, 0n],
    ['100', JPY, 100n],
    ['310.005', KWD, 310_005n],
    [12.5, EUR, 1_250n],
    [0.1, EUR, 10n],
    [-3, JPY, -3n],
    [-0, EUR, 0n],
    [9_999_999_999_999.99, EUR, 999_999_999_999_999n],
  ])('%p in %s is read as %s minor units', (text, currency, expected) => {
    expect(parseMoney(text, currency)).toEqual({ amountMinor: expected, currency });
  });

  it.each([
    ['12.505', EUR],
    ['12.500', EUR],
    ['1.0', JPY],
    ['0.0001', KWD],
    [0.1 + 0.2, EUR],
    [1.5, JPY],
  ])('%p in %s has too many decimals', (amount, currency) => {
    expect(codeOf(() => parseMoney(amount, currency))).toBe('AMOUNT_PRECISION');
  });

  it.each(['', ' 1', '1 ', '+1', '1.', '.5', '01', '1e3', '1E3', '0x10', '1,50', '1_000', '--1', 'NaN', '١', '1\n', '1'.repeat(40)])(
    '%j is not a plain decimal',
    (amount) => {
      expect(codeOf(() => parseMoney(amount, EUR))).toBe('VALIDATION_FAILED');
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7])('the number %p is refused', (amount) => {
    expect(codeOf(() => parseMoney(amount, EUR))).toBe('VALIDATION_FAILED');
  });

  it('is at most 10^15 minor units, either way', () => {
    expect(parseMoney('10000000000000.00', EUR).amountMinor).toBe(10n ** 15n);
    expect(codeOf(() => parseMoney('10000000000000.01', EUR))).toBe('VALIDATION_FAILED');
    expect(codeOf(() => parseMoney('-10000000000000.01', EUR))).toBe('VALIDATION_FAILED');
    expect(withinLimit(parseMoney('-10000000000000', EUR)).amountMinor).toBe(-(10n ** 15n));
  });

  it.each([
    [5n, EUR, '0.05'],
    [-5n, EUR, '-0.05'],
    [0n, EUR, '0.00'],
    [-120_000n, EUR, '-1200.00'],
    [100n, JPY, '100'],
    [-1n, KWD, '-0.001'],
  ])('of %s minor units in %s is written %s', (amountMinor, currency, expected) => {
    expect(formatMoney({ amountMinor, currency })).toBe(expected);
  });

  it('survives being written and read, in every currency', () => {
    fc.assert(
      fc.property(monies, (money) => {
        expect(parseMoney(formatMoney(money), money.currency)).toEqual(money);
        expect(restoreMoney(JSON.parse(JSON.stringify(storeMoney(money))))).toEqual(money);
      }),
    );
  });

  it('sent as a JSON number means what the same digits mean as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (minor) => {
        const text = formatMoney({ amountMinor: BigInt(minor), currency: EUR });
        expect(parseMoney(Number(text), EUR)).toEqual(parseMoney(text, EUR));
      }),
    );
  });

  it('is written with the decimals of its currency', () => {
    fc.assert(
      fc.property(monies, (money) => {
        const [, decimals = ''] = formatMoney(money).split('.');
        expect(decimals).toHaveLength(currencyDigits(money.currency));
      }),
    );
  });
});

describe('arithmetic', () => {
  it('adds, subtracts and negates exactly', () => {
    fc.assert(
      fc.property(euros, euros, (left, right) => {
        expect(subtractMoney(addMoney(left, right), right)).toEqual(left);
        expect(addMoney(left, negateMoney(left)).amountMinor).toBe(0n);
        expect(addMoney(left, right)).toEqual(addMoney(right, left));
      }),
    );
  });

  it('orders amounts by size', () => {
    const [one, two] = [parseMoney('1', EUR), parseMoney('2', EUR)];
    expect([compareMoney(one, two), compareMoney(two, one), compareMoney(one, one)]).toEqual([-1, 1, 0]);
  });

  it.each([addMoney, subtractMoney, compareMoney])('%p never mixes two currencies', (operation) => {
    expect(codeOf(() => operation(parseMoney('1', EUR), parseMoney('1', JPY)))).toBe('CURRENCY_MISMATCH');
  });
});
