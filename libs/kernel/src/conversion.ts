import { floorDivide } from './allocation.js';
import { invariant } from './assert.js';
import { currencyDigits, type CurrencyCode } from './currency.js';
import { DaybookError } from './errors.js';
import { withinLimit, type Money } from './money.js';

/** An exchange rate without rounding: numerator / 10^scale units of home currency for one unit of the original. */
interface Rate {
  readonly numerator: bigint;
  readonly scale: number;
}

const PLAIN_RATE = /^(0|[1-9]\d{0,14})(?:\.(\d{1,15}))?$/;

/**
 * Foreign money in the family's currency (rule R16): original x rate, computed exactly and rounded once, half to even.
 * The rate is a decimal string, units of home currency for one unit of the original.
 */
export function convertHalfEven(original: Money, rate: string, home: CurrencyCode): Money {
  const { numerator, scale } = parseRate(rate);
  const shift = currencyDigits(home) - currencyDigits(original.currency) - scale;
  const scaled = original.amountMinor * numerator * 10n ** BigInt(Math.max(shift, 0));
  const amountMinor = divideHalfEven(scaled, 10n ** BigInt(Math.max(-shift, 0)));
  return withinLimit({ amountMinor, currency: home });
}

/** The nearest whole number; of two equally near ones the even. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  invariant(divisor > 0n, 'a divisor is positive');
  const floor = floorDivide(dividend, divisor);
  const twiceRemainder = (dividend - floor * divisor) * 2n;
  const up = twiceRemainder > divisor || (twiceRemainder === divisor && floor % 2n !== 0n);
  return up ? floor + 1n : floor;
}

function parseRate(text: string): Rate {
  const [, whole = '', decimals = ''] = PLAIN_RATE.exec(text) ?? [];
  const numerator = BigInt(whole + decimals);
  if (numerator === 0n) {
    throw new DaybookError('VALIDATION_FAILED', 'A rate is a plain decimal above zero with at most 15 decimals.');
  }
  return { numerator, scale: decimals.length };
}
