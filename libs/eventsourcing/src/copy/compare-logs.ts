import { createHash } from 'node:crypto';
import { opensCopyOf, type LogParent } from '../log-identity.js';
import type { EventStore, RecordedEvent } from '../store.js';
import { contentOf, sideBySide } from './side-by-side.js';
import { SourceSurvey, type Survey } from './source-survey.js';

/** How a target stands to its source. */
export interface Comparison {
  /** Events that are in both, from the first on, one like the other. */
  readonly common: number;
  /** SHA-256 over these, in order: stream, revision, id, type, data and metadata of each. */
  readonly digest: string;
  /** Where the common events end in the source, and what its log is called there. */
  readonly upTo: LogParent | undefined;
  readonly state: CopyState;
  readonly source: Survey;
}

export type CopyState =
  /** The source goes on where the target ends: a copy that was broken off, or has not begun. */
  | { readonly kind: 'unfinished'; readonly missing: number }
  /** All of the source is there and nothing else: only the name of the copy is missing. */
  | { readonly kind: 'unnamed' }
  /** It was completed here. What each of the two logs got since is its own. */
  | { readonly kind: 'complete'; readonly grownBy: number; readonly usedSince: number }
  /** The target holds something else. */
  | { readonly kind: 'other'; readonly difference: string };

/** Reads both logs side by side, each once and to its end, and says how far the target is a copy. Changes nothing. */
export async function compareLogs(
  source: EventStore,
  target: EventStore,
  onProgress: (event: RecordedEvent) => void = () => undefined,
): Promise<Comparison> {
  const survey = new SourceSurvey();
  const digest = createHash('sha256');
  let common = 0;
  let upTo: LogParent | undefined;
  let state: CopyState | undefined;
  for await (const pair of sideBySide(source.readAll(), target.readAll())) {
    const content = state === undefined && pair.target ? contentOf(pair.target) : undefined;
    if (pair.source) {
      survey.add(pair.source);
      onProgress(pair.source);
    }
    if (content !== undefined && pair.source && contentOf(pair.source) === content) {
      digest.update(`${content}\n`);
      common += 1;
      upTo = survey.logId === undefined ? undefined : { logId: survey.logId, position: pair.source.position };
    } else {
      state = nextState(state, pair, { common, upTo });
    }
  }
  state ??= common === 0 ? { kind: 'unfinished', missing: 0 } : { kind: 'unnamed' };
  return { common, digest: digest.digest('hex'), upTo, state, source: survey.result() };
}

/** The events of the two logs are not the same from here on. */
function nextState(
  state: CopyState | undefined,
  { source, target }: { source: RecordedEvent | undefined; target: RecordedEvent | undefined },
  { common, upTo }: { common: number; upTo: LogParent | undefined },
): CopyState {
  const grown = source ? 1 : 0;
  switch (state?.kind) {
    case undefined:
      if (!target) return { kind: 'unfinished', missing: grown };
      if (upTo && opensCopyOf(target, upTo)) return { kind: 'complete', grownBy: grown, usedSince: 0 };
      return { kind: 'other', difference: differenceOf(common, source, target) };
    case 'unfinished':
      return { kind: 'unfinished', missing: state.missing + grown };
    case 'complete':
      return { kind: 'complete', grownBy: state.grownBy + grown, usedSince: state.usedSince + (target ? 1 : 0) };
    case 'other':
      return state;
    case 'unnamed':
      throw new Error('a log does not go on behind its end');
    default:
      throw new Error(`unknown state ${String(state satisfies never)}`);
  }
}

function differenceOf(common: number, source: RecordedEvent | undefined, target: RecordedEvent): string {
  const there = nameOf(target);
  if (!source) return `behind the ${common} events of the source the target has ${there}`;
  if (nameOf(source) === there) return `event ${common + 1}, ${there}, has other data or metadata in the target`;
  return `event ${common + 1} is ${nameOf(source)} in the source and ${there} in the target`;
}

function nameOf({ stream, revision, type, id }: RecordedEvent): string {
  return `${type} at revision ${revision} of ${stream} (id ${id})`;
}
