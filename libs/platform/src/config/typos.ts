import type { ConfigFault } from './config-error.js';

/** Families of names that are ours; elsewhere an unknown variable is simply not for us. */
const OUR_PREFIXES = ['DAYBOOK_', 'AUTH_', 'EVENTSTORE_', 'VAULT_', 'CORS_', 'OPS_'];
const TYPO_DISTANCE_MAX = 2;

/** A variable that is nearly one of ours was meant to be one: silence would start with a default nobody chose. */
export function findTypos(given: readonly string[], known: readonly string[]): ConfigFault[] {
  return given
    .filter((name) => !known.includes(name) && OUR_PREFIXES.some((prefix) => name.startsWith(prefix)))
    .flatMap((variable) => {
      const nearest = nearestName(variable, known);
      return nearest ? [{ variable, message: `there is no such variable; did you mean ${nearest}?` }] : [];
    });
}

function nearestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= TYPO_DISTANCE_MAX ? best.candidate : undefined;
}

/** Letters to insert, remove or exchange to get from one to the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const exchanged = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
