import { DaybookError } from '@daybook/kernel';

/** Does an `Accept` header take one of the media types? None, or an empty one, takes everything (RFC 9110 §12.5.1). */
export function accepts(accept: string | undefined, available: readonly string[]): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const ranges = accept.split(',').map(mediaRange);
  return available.some((type) => weight(type, ranges) > 0);
}

export function assertAcceptable(accept: string | undefined, available: readonly string[]): void {
  if (accepts(accept, available)) return;
  throw new DaybookError('NOT_ACCEPTABLE', `Available here: ${available.join(', ')}.`, { available });
}

interface MediaRange {
  readonly type: string;
  readonly weight: number;
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const value = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: Number.isFinite(value) ? value : 0 };
}

/** The most specific range decides: `application/json;q=0, *` + `/*` refuses JSON. */
function weight(type: string, ranges: readonly MediaRange[]): number {
  const [family] = type.split('/');
  for (const candidate of [type, `${family}/*`, '*/*']) {
    const range = ranges.find((each) => each.type === candidate);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
