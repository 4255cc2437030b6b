const TIMEOUT_UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000001,
};
/** Node's timers overflow above this; such a deadline is no deadline. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** What a `grpc-timeout` header says, or nothing if there is no deadline. */
export function timeoutMilliseconds(header: string | string[] | undefined): number | undefined {
  const match = typeof header === 'string' ? /^(\d{1,8})([HMSmun])$/.exec(header) : null;
  if (!match) return undefined;
  const milliseconds = Number(match[1]) * (TIMEOUT_UNIT_MS[match[2] as string] as number);
  return milliseconds > LONGEST_TIMEOUT_MS ? undefined : milliseconds;
}
