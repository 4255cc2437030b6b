import { createCipheriv, createDecipheriv } from 'node:crypto';
import { StartError } from '../system/start-error.js';

const CIPHER = 'aes-256-gcm';
const WRAP_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key as it may be stored: encrypted under the master key, bound to the name of what it is for. */
export function wrapKey(masterKey: Uint8Array, label: string, key: Uint8Array, nonce: Uint8Array): Buffer {
  const cipher = createCipheriv(CIPHER, masterKey, nonce).setAAD(Buffer.from(label, 'utf8'));
  return Buffer.concat([Buffer.of(WRAP_VERSION), nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

export function unwrapKey(masterKey: Uint8Array, label: string, wrapped: Buffer): Buffer {
  if (wrapped[0] !== WRAP_VERSION) throw new Error(`a wrapped key of the unknown version ${wrapped[0]}`);
  const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, masterKey, nonce)
    .setAAD(Buffer.from(label, 'utf8'))
    .setAuthTag(wrapped.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(wrapped.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** The first key of a vault opens only under the master key it was made with. */
export function unwrapFirstKey(masterKey: Uint8Array, label: string, wrapped: Buffer, place: string): Buffer {
  try {
    return unwrapKey(masterKey, label, wrapped);
  } catch (cause) {
    throw new StartError(
      `The master key does not open the vault in ${place}.`,
      'Restore vault.master, or the VAULT_MASTER_KEY, that belongs to this vault. Without it sealed text stays closed.',
      { cause },
    );
  }
}
