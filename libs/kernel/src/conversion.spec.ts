import * as fc from 'fast-check';
import { convertHalfEven, divideHalfEven } from './conversion.js';
import { parseCurrency } from './currency.js';
import { negateMoney, parseMoney } from './money.js';

const inHome = (amount: string, from: string, rate: string, home: string) =>
  convertHalfEven(parseMoney(amount, parseCurrency(from)), rate, parseCurrency(home)).amountMinor;

describe('foreign money in home currency', () => {
  it.each([
    ['42.00', 'EUR', '1.0837', 'USD', 4_552n],
    ['5000', 'JPY', '0.0061234', 'EUR', 3_062n],
    ['1.250', 'KWD', '3.2567', 'USD', 407n],
    ['0.50', 'EUR', '0.25', 'USD', 12n],
    ['0.54', 'EUR', '0.25', 'USD', 14n],
    ['1.00', 'EUR', '163.42', 'JPY', 163n],
    ['7', 'JPY', '7', 'CLF', 490_000n],
  ])('%s %s at %s is as many minor units of %s as vector V28 says', (amount, from, rate, home, expected) => {
    expect(inHome(amount, from, rate, home)).toBe(expected);
  });

  it('at rate 1 in the same currency is itself, however many zeros the rate has', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat({ max: 15 }), (amountMinor, zeros) => {
        const money = { amountMinor, currency: parseCurrency('EUR') };
        expect(convertHalfEven(money, zeros === 0 ? '1' : `1.${'0'.repeat(zeros)}`, money.currency)).toEqual(money);
      }),
    );
  });

  it('of a refund is the negative of the purchase at the same rate', () => {
    const rates = fc.integer({ min: 1, max: 9_999_999 }).map((rate) => (rate / 10_000).toFixed(4));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), rates, (amountMinor, rate) => {
        const [gbp, usd] = [parseCurrency('GBP'), parseCurrency('USD')];
        const bought = convertHalfEven({ amountMinor, currency: gbp }, rate, usd);
        expect(convertHalfEven({ amountMinor: -amountMinor, currency: gbp }, rate, usd)).toEqual(negateMoney(bought));
      }),
    );
  });

  it.each(['', '0', '0.000', '-1', '+1', '1e3', '1,2', '01.5', '.5', '1.', 'Infinity', `1.${'0'.repeat(16)}`])(
    'is not computed at the rate %j',
    (rate) => {
      expect(() => inHome('1', 'EUR', rate, 'USD')).toThrow('VALIDATION_FAILED');
    },
  );

  it('beyond the limit is refused', () => {
    expect(() => inHome('10000000000000', 'EUR', '1.1', 'USD')).toThrow('VALIDATION_FAILED');
  });
});

describe('rounding half to even', () => {
  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [26n, 10n, 3n],
    [-26n, 10n, -3n],
    [20n, 10n, 2n],
  ])('%s / %s is %s', (dividend, divisor, expected) => {
    expect(divideHalfEven(dividend, divisor)).toBe(expected);
  });

  it('is never further from the exact quotient than a half', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 30n }), (dividend, divisor) => {
        const distance = divideHalfEven(dividend, divisor) * divisor - dividend;
        expect((distance < 0n ? -distance : distance) * 2n <= divisor).toBe(true);
      }),
    );
  });

  it('divides by positive numbers only', () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow('a divisor is positive');
  });
});
