import * as fc from 'fast-check';
import { allocate, allocateByWeights, floorDivide } from './allocation.js';

const totals = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const weightLists = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 40 })
  .filter((weights) => weights.some((weight) => weight > 0n));
const sum = (parts: readonly bigint[]) => parts.reduce((left, right) => left + right, 0n);
/** [[count, amount], …] written out. */
const runs = (...pairs: [number, bigint][]) => pairs.flatMap(([count, amount]) => Array<bigint>(count).fill(amount));

describe('equal parts', () => {
  it.each([
    ['V2: 2500.00 over April', 250_000n, 30, runs([10, 8_334n], [20, 8_333n])],
    ['V6: a pool overspent by 1.00, three days left', -100n, 3, [-33n, -33n, -34n]],
    ['V7: February', 250_000n, 28, runs([16, 8_929n], [12, 8_928n])],
    ['V7: February of a leap year', 250_000n, 29, runs([20, 8_621n], [9, 8_620n])],
    ['V8: yen', 100_000n, 31, runs([25, 3_226n], [6, 3_225n])],
    ['V9: dinar', 310_005n, 31, runs([5, 10_001n], [26, 10_000n])],
    ['V27: 10.00 in three', 1_000n, 3, [334n, 333n, 333n]],
    ['V27: 30.00 in seven', 3_000n, 7, runs([4, 429n], [3, 428n])],
    ['V27: -10.00 in three', -1_000n, 3, [-333n, -333n, -334n]],
  ])('%s', (_, total, parts, expected) => {
    expect(allocate(total, parts)).toEqual(expected);
  });

  it('add up to the total, differ by at most one unit, and never grow', () => {
    fc.assert(
      fc.property(totals, fc.integer({ min: 1, max: 400 }), (total, count) => {
        const parts = allocate(total, count);
        expect(parts).toHaveLength(count);
        expect(sum(parts)).toBe(total);
        expect((parts[0] ?? 0n) - (parts.at(-1) ?? 0n)).toBeLessThanOrEqual(1n);
        expect(parts.every((part, index) => index === 0 || part <= (parts[index - 1] ?? 0n))).toBe(true);
      }),
    );
  });

  it('spending each day exactly its amount follows the plan and ends at zero (R9)', () => {
    fc.assert(
      fc.property(totals, fc.integer({ min: 1, max: 31 }), (pool, days) => {
        const plan = allocate(pool, days);
        let left = pool;
        for (const [day, planned] of plan.entries()) {
          const today = allocate(left, days - day)[0] ?? 0n;
          expect(today).toBe(planned);
          left -= today;
        }
        expect(left).toBe(0n);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be %p in number', (parts) => {
    expect(() => allocate(1n, parts)).toThrow('one or more parts');
  });
});

describe('parts by weight', () => {
  it.each([
    ['V27: 100.01 as 50:30:20', 10_001n, [50n, 30n, 20n], [5_001n, 3_000n, 2_000n]],
    ['V29: a foreign split', 4_552n, [1_999n, 1_201n, 1_000n], [2_166n, 1_302n, 1_084n]],
    ['V33: a pool of 31 days, 24 granted', 250_000n, [24n, 7n], [193_548n, 56_452n]],
    ['a tie goes to the lower index', 1n, [1n, 1n], [1n, 0n]],
    ['the largest remainder wins over the lower index', 1n, [1n, 2n], [0n, 1n]],
    ['a weight of zero gets nothing', 100n, [0n, 3n, 0n], [0n, 100n, 0n]],
  ])('%s', (_, total, weights, expected) => {
    expect(allocateByWeights(total, weights)).toEqual(expected);
  });

  it('add up to the total and stay within one unit of the exact share', () => {
    fc.assert(
      fc.property(totals, weightLists, (total, weights) => {
        const parts = allocateByWeights(total, weights);
        expect(sum(parts)).toBe(total);
        for (const [index, part] of parts.entries()) {
          const floor = floorDivide(total * (weights[index] ?? 0n), sum(weights));
          expect(part === floor || part === floor + 1n).toBe(true);
          if (weights[index] === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });

  it('with equal weights are equal parts', () => {
    fc.assert(
      fc.property(totals, fc.integer({ min: 1, max: 60 }), fc.bigInt({ min: 1n, max: 999n }), (total, count, weight) => {
        expect(allocateByWeights(total, Array<bigint>(count).fill(weight))).toEqual(allocate(total, count));
      }),
    );
  });

  it.each([[[]], [[0n, 0n]], [[2n, -1n]]])('are not made from %p', (weights) => {
    expect(() => allocateByWeights(1n, weights)).toThrow('weights are not negative');
  });
});

it('rounding down goes towards minus infinity, for any signs', () => {
  expect([floorDivide(7n, 2n), floorDivide(-7n, 2n), floorDivide(7n, -2n), floorDivide(-7n, -2n)]).toEqual([3n, -4n, -4n, 3n]);
  expect([floorDivide(-6n, 2n), floorDivide(0n, 5n)]).toEqual([-3n, 0n]);
});
