import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { unfinishedName, writeFileDurably } from './durable-file.js';
import { StartError } from './start-error.js';

/** Raised when this program writes files an older one would misread; the older one then refuses. */
export const DATA_FORMAT = 1;
const FORMAT_FILE = 'format.json';
/** What may lie in a directory whose first start was killed. */
const BEFORE_FORMAT = ['lock', unfinishedName(FORMAT_FILE)];

export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  /** True when it was made, or found empty: worth telling the person who expected their data here. */
  readonly fresh: boolean;
}

interface Format {
  readonly format: number;
  /** The version that wrote this format first, to name in a refusal. */
  readonly daybook: string;
}

/**
 * The directory everything lives in: made when missing, closed to other users, and refused when a newer program has
 * already changed its format. Call it again under the lock before anything is written; it is safe to repeat.
 */
export async function openDataDirectory(directory: string, programVersion: string): Promise<DataDirectory> {
  const absolute = path.resolve(directory);
  try {
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    const names = (await readdir(absolute)).filter((name) => !BEFORE_FORMAT.includes(name));
    const found = await stat(absolute);
    if (found.uid !== process.getuid?.()) throw somebodyElses(absolute, found.uid);
    const format = await readFormat(absolute, programVersion);
    if (format === undefined && names.length > 0) throw notOurs(absolute);
    // A group may pass, where root runs the embedded Postgres as somebody else; nobody else may do anything.
    if ((found.mode & 0o067) !== 0) await chmod(absolute, 0o700);
    if (format === undefined) await writeFormat(absolute, programVersion);
    return { path: absolute, fresh: format === undefined };
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StartError(
      `The data directory ${absolute} cannot be used: ${message}.`,
      code === 'ENOSPC'
        ? 'Free some space there, or name another place in DAYBOOK_DATA_DIR.'
        : 'Make it yours (owner and permissions), or name another place in DAYBOOK_DATA_DIR.',
      { cause },
    );
  }
}

async function readFormat(directory: string, programVersion: string): Promise<number | undefined> {
  const text = await readFile(path.join(directory, FORMAT_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { format, daybook } = parseFormat(text, directory);
  if (format > DATA_FORMAT) {
    throw new StartError(
      `The data in ${directory} has format ${format}; this is Daybook ${programVersion}, which knows formats up to ${DATA_FORMAT}.`,
      `Start Daybook ${daybook} or newer. Nothing was changed.`,
    );
  }
  return format;
}

function parseFormat(text: string, directory: string): Format {
  try {
    const { format, daybook } = JSON.parse(text) as Partial<Format>;
    if (Number.isInteger(format) && typeof daybook === 'string') return { format: Number(format), daybook };
  } catch {
    // Not JSON: refused below like everything else that is not a format.
  }
  throw new StartError(
    `${path.join(directory, FORMAT_FILE)} is damaged.`,
    'Restore it from a backup; without it nobody can tell which version wrote the data.',
  );
}

async function writeFormat(directory: string, programVersion: string): Promise<void> {
  const format: Format = { format: DATA_FORMAT, daybook: programVersion };
  await writeFileDurably(path.join(directory, FORMAT_FILE), `${JSON.stringify(format)}\n`);
}

function somebodyElses(directory: string, uid: number): StartError {
  return new StartError(
    `The data directory ${directory} belongs to another user (id ${uid}).`,
    'Start Daybook as that user, or name another place in DAYBOOK_DATA_DIR.',
  );
}

function notOurs(directory: string): StartError {
  return new StartError(
    `The directory ${directory} is not empty and holds no Daybook data.`,
    'Name an empty or a new directory in DAYBOOK_DATA_DIR.',
  );
}
