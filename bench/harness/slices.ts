import { rounded } from './percentiles.js';

/** One of those compared in a run; a slice is a short, whole measurement of it. */
export interface Contender<Figures> {
  readonly name: string;
  slice(): Promise<Figures>;
}

/** Figures of each contender, round by round: the same index was measured in the same round. */
export type Rounds<Figures> = ReadonlyMap<string, readonly Figures[]>;

/**
 * The contenders take turns in an order that is drawn anew each round, so that whatever the machine does meanwhile meets
 * all of them. Ratios are taken inside a round, never between runs. A round before the first does not count: in it every
 * process compiles what it runs.
 */
export async function interleave<Figures>(
  contenders: readonly Contender<Figures>[],
  rounds: number,
  onSlice: (name: string, round: number) => void = () => undefined,
): Promise<Rounds<Figures>> {
  const figures = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, slice } of shuffled(contenders)) {
      onSlice(name, round);
      const measured = await slice();
      if (round > 0) figures.get(name)?.push(measured);
    }
  }
  return figures;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return { median: (low + high) / 2, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** Median, least and most of what one value is over another's, round by round. */
export function ratioOf<Figures>(rounds: Rounds<Figures>, over: string, under: string, value: (figures: Figures) => number): Spread {
  const [top, bottom] = [rounds.get(over) ?? [], rounds.get(under) ?? []];
  return spreadOf(top.map((figures, round) => value(figures) / value(bottom[round] ?? figures)));
}

const NOISY_SPREAD = 2;

/** When what cannot change has changed by so much, the machine was doing something else. */
export function isNoisy({ least, most }: Spread): boolean {
  return !(most / least < NOISY_SPREAD);
}

export function showSpread({ median, least, most }: Spread, digits = 2): string {
  return `${rounded(median, digits)} (${rounded(least, digits)}–${rounded(most, digits)})`;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = items.map((item) => ({ item, at: Math.random() }));
  return order.sort((one, other) => one.at - other.at).map(({ item }) => item);
}
