import { crc32 } from 'node:zlib';
import { StartError } from '../system/start-error.js';

/**
 * STORAGE CONTRACT of vault.keys: one record a line, `<checksum> <JSON>`. The checksum is the crc32, in 8 hex digits, of
 * the line's offset in the file, a space and the JSON: a line is good in its own place only, so that one that was taken
 * out spoils all after it. Records are appended, and vault.length says how many bytes of them must be there. The line of
 * an erased key is blanked in place; the `forgotten` record, written first, says where, so that a blanking that was
 * interrupted is finished at the next start.
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

export function encodeRecord(record: KeyRecord, offset: number): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${checksum(json, offset)} ${json}\n`, 'utf8');
}

export function blankLine({ length }: LineAt): Buffer {
  return Buffer.alloc(length, ' ');
}

export function readKeyFile(bytes: Buffer, place: string): KeyFile {
  const records: ReadRecord[] = [];
  const doubtful: LineAt[] = [];
  const blank = new Set<LineAt>();
  let length = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, offset);
    if (end === -1) break;
    const line = { offset, length: end - offset };
    const text = bytes.toString('utf8', offset, end);
    const record = decodeLine(text, offset);
    if (record) records.push({ ...line, record });
    else doubtful.push(line);
    if (BLANK_LINE.test(text)) blank.add(line);
    offset = end + 1;
    if (record) length = offset;
  }
  const erased = new Set(records.map(({ record }) => (record.kind === 'forgotten' ? record.line?.offset : undefined)));
  const isErased = ({ offset }: LineAt): boolean => erased.has(offset);
  // A bad line is the torn end of the last append, or a key that was erased or being erased. Anything else is damage.
  const damaged = doubtful.find((line) => line.offset < length && !isErased(line));
  if (damaged) throw damagedFile(place, damaged.offset);
  const living = records.filter((line) => !isErased(line));
  const unblanked = [...records, ...doubtful].filter((line) => line.offset < length && isErased(line) && !blank.has(line));
  return { records: living, unblanked, length };
}

function decodeLine(text: string, offset: number): KeyRecord | undefined {
  const json = text.slice(9);
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(json, offset)) return undefined;
  return JSON.parse(json) as KeyRecord;
}

function checksum(json: string, offset: number): string {
  return crc32(`${offset} ${json}`).toString(16).padStart(8, '0');
}

function damagedFile(place: string, offset: number): StartError {
  return new StartError(
    `The vault ${place} is damaged at byte ${offset}.`,
    'Restore vault.keys from the newest backup of the vault. Nothing was changed, because the keys after that place are still good.',
  );
}
