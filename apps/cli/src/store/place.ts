import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../../../daybook/src/version.js';

/** Where a log is: behind an address, or in files. */
export type Place =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'files'; readonly directory: string };

const ADDRESS = /^(esdb|kurrentdb)(\+discover)?:\/\//;
const DEFAULT_DATA_DIRECTORY = '.daybook';
/** What Daybook writes into its data directories first. */
const FORMAT_FILE = 'format.json';
const LOG_FOLDER = 'eventstore';

export function readPlace(text: string): Place {
  return ADDRESS.test(text) ? { kind: 'server', url: text } : { kind: 'files', directory: path.resolve(text) };
}

/** As Daybook itself finds it: relative to the project, unlike what a person types. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv): string {
  return path.resolve(PROJECT_ROOT, environment['DAYBOOK_DATA_DIR'] ?? DEFAULT_DATA_DIRECTORY);
}

/** For people and logs: never with a password. */
export function shownPlace(place: Place): string {
  return place.kind === 'files' ? place.directory : place.url.replace(/\/\/[^@/]*@/, '//…@');
}

export interface LogFolder {
  /** Holds the segments. */
  readonly log: string;
  /** The data directory around it, when it is one. */
  readonly dataDirectory: string | undefined;
}

/** A data directory of Daybook has the log in a folder of its own; a node's directory is the log. */
export function logFolderOf(directory: string): LogFolder {
  const isData = existsSync(path.join(directory, FORMAT_FILE)) || existsSync(path.join(directory, LOG_FOLDER));
  return isData
    ? { log: path.join(directory, LOG_FOLDER), dataDirectory: directory }
    : { log: directory, dataDirectory: undefined };
}

export function holdsLog(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.log'));
}
