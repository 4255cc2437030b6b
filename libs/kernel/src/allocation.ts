import { invariant } from './assert.js';

/**
 * Dividing whole minor units so that no unit is lost or made: the parts always add up to the total. Works for negative
 * totals by rounding down first, so that -1000 in three parts is -333, -333, -334.
 */

/** Equal parts; the remainder goes to the first ones, a unit each (rule R9). */
export function allocate(total: bigint, parts: number): bigint[] {
  invariant(Number.isSafeInteger(parts) && parts >= 1, 'a total is divided into one or more parts');
  const quotient = floorDivide(total, BigInt(parts));
  const remainder = total - quotient * BigInt(parts);
  return Array.from({ length: parts }, (_, index) => (BigInt(index) < remainder ? quotient + 1n : quotient));
}

/**
 * Parts in proportion to weights (rules R17, R22, R23): each gets its share rounded down, what is left goes to the
 * largest remainders, a unit each, ties to the lower index. A weight of zero gets nothing.
 */
export function allocateByWeights(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((left, right) => left + right, 0n);
  invariant(sum > 0n && weights.every((weight) => weight >= 0n), 'weights are not negative and one is positive');
  const shares = weights.map((weight, index) => {
    const floor = floorDivide(total * weight, sum);
    return { index, floor, remainder: total * weight - floor * sum };
  });
  const left = total - shares.reduce((allocated, share) => allocated + share.floor, 0n);
  const byRemainder = [...shares].sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  const favoured = new Set(byRemainder.slice(0, Number(left)).map((share) => share.index));
  return shares.map(({ index, floor }) => (favoured.has(index) ? floor + 1n : floor));
}

/** The largest whole number that is not above the quotient; bigint division rounds towards zero instead. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const inexact = quotient * divisor !== dividend;
  return inexact && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : Number(left > right);
}
