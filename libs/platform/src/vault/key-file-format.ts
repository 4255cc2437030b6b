import { crc32 } from 'node:zlib';
import { StartError } from '../system/start-error.js';

/**
 * STORAGE CONTRACT of vault.keys: one record a line, `<crc32 of the JSON, 8 hex digits> <JSON>`. Records are appended.
 * The line of an erased key is blanked in place; the `forgotten` record, written first, says where, so that a blanking
 * that was interrupted is finished at the next start.
 */
export type KeyRecord =
  | { readonly kind: 'vault'; readonly version: 1; readonly secret: string }
  | { readonly kind: 'key'; readonly subject: string; readonly key: string }
  | { readonly kind: 'forgotten'; readonly subject: string; readonly line: LineAt | null };

/** A line in the file, without its end. */
export interface LineAt {
  readonly offset: number;
  readonly length: number;
}

export interface ReadRecord extends LineAt {
  readonly record: KeyRecord;
}

export interface KeyFile {
  readonly records: readonly ReadRecord[];
  /** Lines of erased keys that are not blank yet. */
  readonly unblanked: readonly LineAt[];
  /** Where the good lines end; what follows was being written when the process or the power went. */
  readonly length: number;
}

const NEWLINE = 0x0a;
const BLANK_LINE = /^ *$/;

export function encodeRecord(record: KeyRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${checksum(json)} ${json}\n`, 'utf8');
}

export function blankLine({ length }: LineAt): Buffer {
  return Buffer.alloc(length, ' ');
}

export function readKeyFile(bytes: Buffer, place: string): KeyFile {
  const records: ReadRecord[] = [];
  const doubtful: LineAt[] = [];
  let length = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, offset);
    if (end === -1) break;
    const line = { offset, length: end - offset };
    const text = bytes.toString('utf8', offset, end);
    const record = decodeLine(text);
    if (record) records.push({ ...line, record });
    else if (!BLANK_LINE.test(text)) doubtful.push(line);
    offset = end + 1;
    if (record) length = offset;
  }
  const erased = new Set(records.map(({ record }) => (record.kind === 'forgotten' ? record.line?.offset : undefined)));
  const isErased = ({ offset }: LineAt): boolean => erased.has(offset);
  // A bad line is the torn end of the last append, or a key that was being erased. Anything else is damage.
  const damaged = doubtful.find((line) => line.offset < length && !isErased(line));
  if (damaged) throw damagedFile(place, damaged.offset);
  const living = records.filter((line) => !isErased(line));
  const unblanked = [...records, ...doubtful].filter((line) => line.offset < length && isErased(line));
  return { records: living, unblanked, length };
}

function decodeLine(text: string): KeyRecord | undefined {
  const json = text.slice(9);
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(json)) return undefined;
  return JSON.parse(json) as KeyRecord;
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function damagedFile(place: string, offset: number): StartError {
  return new StartError(
    `The vault ${place} is damaged at byte ${offset}.`,
    'Restore it from a backup of the vault. Nothing was changed, because the keys after that place are still good.',
  );
}
