/** Where progress is shown: stderr, so that stdout stays the answer. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** In `unit`s; of how many, where that is known. */
  show(phase: string, done: number, total: number | undefined): void;
  end(): void;
}

const BAR_LENGTH = 30;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 1_000;

/** A bar for a person, a line of JSON a second for a program, nothing for who asked for quiet. */
export function progressOn(
  target: ProgressTarget,
  { unit, quiet, monotonic }: { readonly unit: string; readonly quiet: boolean; readonly monotonic: () => number },
): Progress {
  const isBar = target.isTTY === true;
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownPhase: string | undefined;
  return {
    show(phase, done, total) {
      const now = monotonic();
      const isDue = phase !== shownPhase || done === total || now - shownAt >= (isBar ? BAR_EVERY_MS : LINE_EVERY_MS);
      if (quiet || !isDue) return;
      shownAt = now;
      shownPhase = phase;
      target.write(isBar ? `\r${barText(phase, done, total, unit)}\u001b[K` : `${JSON.stringify({ phase, done, total, unit })}\n`);
    },
    end() {
      if (shownPhase !== undefined && isBar) target.write('\n');
    },
  };
}

function barText(phase: string, done: number, total: number | undefined, unit: string): string {
  if (total === undefined) return `${phase}  ${done} ${unit}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_LENGTH);
  return `${phase}  [${'#'.repeat(filled)}${'-'.repeat(BAR_LENGTH - filled)}] ${Math.floor(share * 100)} %  ${done} of ${total} ${unit}`;
}
