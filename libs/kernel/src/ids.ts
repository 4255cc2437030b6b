import { fromEpochDay, monthOf, toEpochDay, type CivilDate, type CivilMonth } from './civil-date.js';
import { DaybookError } from './errors.js';
import { hex, sha1, sha256, utf8 } from './hash.js';

/**
 * Ids that are computed, never drawn: the same command, whoever sends it again, leads to the same ids. Both formulas
 * are storage contracts. A random id comes from the Random port.
 */

/** A UUID in its canonical form: lower case with hyphens. */
export type Uuid = string & { readonly __brand: 'Uuid' };

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The namespace of command ids made from idempotency keys that are not UUIDs themselves. */
const IDEMPOTENCY_KEYS = 'ec1e9021-d9fb-4e55-bd7b-85bedf179ae0';
const DAY_MS = 86_400_000;
const LAST_EPOCH_DAY = 2_932_896;

export function isUuid(text: string): text is Uuid {
  return CANONICAL.test(text);
}

/** Accepts any letter case and answers the canonical form. */
export function parseUuid(text: string): Uuid {
  const lower = text.toLowerCase();
  if (isUuid(lower)) return lower;
  throw new DaybookError('VALIDATION_FAILED', 'An id is a UUID such as 0198c0de-0000-7000-8000-000000000000.');
}

/** RFC 9562 version 5: SHA-1 of the namespace's 16 bytes and the name in UTF-8. */
export function uuidV5(namespace: string, name: string): Uuid {
  const namespaceBytes = bytesOf(parseUuid(namespace));
  const nameBytes = utf8(name);
  const input = new Uint8Array(namespaceBytes.length + nameBytes.length);
  input.set(namespaceBytes);
  input.set(nameBytes, namespaceBytes.length);
  return uuidOf(sha1(input).subarray(0, 16), 5);
}

/**
 * The command id behind an idempotency key: a UUID is its own; any other key counts per actor, command and family
 * (null where the command names none). JSON keeps the four apart whatever they contain.
 */
export function commandIdFor(actor: string, command: string, family: string | null, key: string): Uuid {
  const lower = key.toLowerCase();
  return isUuid(lower) ? lower : uuidV5(IDEMPOTENCY_KEYS, JSON.stringify([actor, command, family, key]));
}

/**
 * The id of a transaction, from which everybody can tell the stream it lives in. A UUIDv8 (RFC 9562):
 *
 *     bits   0-47   milliseconds from 1970-01-01T00:00Z to 00:00Z of the date given at creation, big-endian
 *     bits  48-51   8, the version
 *     bits  52-63   bits 4-15 of the hash
 *     bits  64-65   binary 10, the variant
 *     bits  66-127  bits 18-79 of the hash
 *
 * where the hash is SHA-256 of `<familyId>|<clientId>` in UTF-8, the family id in canonical form: bytes 0 to 9 of the
 * hash become bytes 6 to 15 of the id, then version and variant are written over them. An id that sorts as its date.
 */
export function transactionId(familyId: string, clientId: string, date: CivilDate): Uuid {
  const epochDay = toEpochDay(date);
  if (epochDay < 0) throw new DaybookError('DATE_OUT_OF_RANGE', 'A transaction is dated 1970-01-01 or later.');
  const bytes = new Uint8Array(16);
  bytes.set(sha256(utf8(`${parseUuid(familyId)}|${clientId}`)).subarray(0, 10), 6);
  const view = new DataView(bytes.buffer);
  const milliseconds = BigInt(epochDay * DAY_MS);
  view.setUint32(0, Number(milliseconds >> 16n));
  view.setUint16(4, Number(milliseconds & 0xffffn));
  return uuidOf(bytes, 8);
}

/** The date given at creation, whatever the transaction's date is by now. */
export function creationDateOf(transaction: string): CivilDate {
  const uuid = parseUuid(transaction);
  const milliseconds = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
  const epochDay = milliseconds / DAY_MS;
  const derived = uuid[14] === '8' && '89ab'.includes(uuid[19] ?? '') && Number.isInteger(epochDay);
  if (!derived || epochDay > LAST_EPOCH_DAY) {
    throw new DaybookError('NOT_FOUND', 'No transaction has an id of this form.');
  }
  return fromEpochDay(epochDay);
}

/** The month in the name of the ledger stream the transaction lives in. */
export function ledgerMonthOf(transaction: string): CivilMonth {
  return monthOf(creationDateOf(transaction));
}

function bytesOf(uuid: Uuid): Uint8Array {
  const digits = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}

function uuidOf(sixteenBytes: Uint8Array, version: 5 | 8): Uuid {
  const bytes = Uint8Array.from(sixteenBytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = hex(bytes);
  const groups = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return groups.join('-') as Uuid;
}
