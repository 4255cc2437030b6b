import type { EventIndex } from '../index/event-index.js';
import type { ReadFilter } from '../messages/read-request.js';
import { invalidArgument } from '../wire/status.js';

export type OrdinalFilter = (ordinal: number) => boolean;

export const EVERY_EVENT: OrdinalFilter = () => true;

/**
 * Decides by number: a name is matched once, however many events carry it. Regular expressions are the client's;
 * prefixes and forms like `^(a|b)-` mean the same here as on the server this node stands in for.
 */
export function compileFilter(filter: ReadFilter | undefined, index: EventIndex): OrdinalFilter {
  if (!filter) return EVERY_EVENT;
  const matches = nameMatcher(filter);
  const verdicts: (boolean | undefined)[] = [];
  const names = filter.on === 'stream' ? index.streams : index.types;
  const numberOf = (ordinal: number): number =>
    filter.on === 'stream' ? index.streamNumber(ordinal) : index.typeNumber(ordinal);
  return (ordinal) => {
    const number = numberOf(ordinal);
    return (verdicts[number] ??= matches(names.nameOf(number)));
  };
}

function nameMatcher(filter: ReadFilter): (name: string) => boolean {
  if (filter.regex !== undefined) {
    const expression = compileExpression(filter.regex);
    return (name) => expression.test(name);
  }
  if (filter.prefixes.length === 0) throw invalidArgument('a filter has neither a regular expression nor prefixes');
  return (name) => filter.prefixes.some((prefix) => name.startsWith(prefix));
}

function compileExpression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalidArgument('the regular expression of the filter cannot be compiled');
  }
}
