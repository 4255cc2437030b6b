import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { SealBrokenError } from './sealer.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What one subject's key is used as; derived, so that no key ever serves two purposes. */
export interface SubjectKeys {
  readonly encryption: Buffer;
  readonly nonce: Buffer;
}

export function deriveSubjectKeys(key: Uint8Array): SubjectKeys {
  return { encryption: deriveKey(key, 'daybook seal encryption'), nonce: deriveKey(key, 'daybook seal nonce') };
}

export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES));
}

/**
 * The nonce is a keyed digest of context and text (the idea of SIV): equal input gives equal bytes, different input
 * different nonces. What that shows, and its limits: docs/adr/0053-sealing-is-a-function.md.
 */
export function sealText(keys: SubjectKeys, subject: string, context: string, text: string): string {
  const nonce = createHmac('sha256', keys.nonce).update(unambiguous(context, text)).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keys.encryption, nonce).setAAD(unambiguous(subject, context));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

export function openText(keys: SubjectKeys, subject: string, context: string, data: string): string {
  const bytes = Buffer.from(data, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBrokenError();
  const decipher = createDecipheriv(CIPHER, keys.encryption, bytes.subarray(0, NONCE_BYTES))
    .setAAD(unambiguous(subject, context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SealBrokenError({ cause });
  }
}

/** One string of several, such that no two lists give the same one. */
function unambiguous(...parts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(parts), 'utf8');
}
