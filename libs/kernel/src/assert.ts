/** A bug in this program, never a user's mistake: nobody catches it to go on. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** `message` says what must always hold. It reaches logs: no personal data. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/**
 * The end of a switch over a closed union: `default: return unreachable(event satisfies never)`. The compiler proves
 * it is not reached; if stored data reaches it all the same, it throws. Only the discriminant is shown.
 */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unexpected ${discriminantOf(value)}`);
}

function discriminantOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const { type, kind } = value as { type?: unknown; kind?: unknown };
  return JSON.stringify(type ?? kind ?? 'object without type or kind');
}
