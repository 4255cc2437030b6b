import { createHmac } from 'node:crypto';
import path from 'node:path';
import type { Clock, Log, Random, Sealed } from '@daybook/kernel';
import type { Secret } from '../config/secret.js';
import { openPostgres } from '../postgres/open-postgres.js';
import { StartError } from '../system/start-error.js';
import { fileExists } from './file-checks.js';
import { openFileKeyStore } from './file-key-store.js';
import { KeyCache } from './key-cache.js';
import type { KeyStore, StoredKey } from './key-store.js';
import { makeMasterKey, masterKeyExists, readMasterKey } from './master-key.js';
import { openPostgresKeyStore, postgresVaultExists } from './postgres-key-store.js';
import { deriveKey, deriveSubjectKeys, openText, sealText, type SubjectKeys } from './seal.js';
import { KeyMissingError, SubjectForgottenError, type Sealer } from './sealer.js';
import { unwrapFirstKey, unwrapKey, wrapKey } from './wrap.js';

const KEYS_FILE = 'vault.keys';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const POOL_SIZE = 4;
const OWN_SECRET = 'vault';

export interface VaultPlace {
  /** Holds vault.keys and vault.master; the caller holds its lock. */
  readonly directory: string;
  /** Shared by several machines; then `masterKey` is needed too. */
  readonly databaseUrl?: Secret | undefined;
  /** 64 hex digits. */
  readonly masterKey?: Secret | undefined;
}

export interface VaultOptions extends VaultPlace {
  /** True beside a log that has events: a new vault could open none of their sealed fields. */
  readonly mustExist: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Vault extends Sealer {
  /** HMAC-SHA256 under the vault's own secret, base64url: for what must be compared and never shown. */
  keyedHash(purpose: string, ...parts: readonly string[]): string;
  /** Erases the person's key for ever, and with it every text sealed for them. Tells whether there was one. */
  forget(subject: string): Promise<boolean>;
  /** To be called when another process has forgotten somebody; without it the key cache does it within a minute. */
  purge(subject: string): void;
  close(): Promise<void>;
}

export async function vaultExists(place: VaultPlace): Promise<boolean> {
  return place.databaseUrl ? postgresVaultExists(place.databaseUrl) : fileExists(path.join(place.directory, KEYS_FILE));
}

/** The keys that stand between what is stored and a person's name. What they protect from is in docs/vault.md. */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { directory, databaseUrl, mustExist, random } = options;
  const master = { directory, given: options.masterKey };
  if (!(await vaultExists(options))) {
    if (mustExist) throw missingVault(options);
    if (!(await masterKeyExists(master))) await makeMasterKey(directory, random);
  }
  const wrappingKey = deriveKey(await readMasterKey(master), 'daybook vault wrapping');
  const store = databaseUrl
    ? await openPostgresKeyStore(await openPostgres({ url: databaseUrl.reveal(), applicationName: 'vault', max: POOL_SIZE }))
    : await openFileKeyStore(path.join(directory, KEYS_FILE));
  try {
    const offered = wrapKey(wrappingKey, OWN_SECRET, random.bytes(KEY_BYTES), random.bytes(NONCE_BYTES));
    const secret = unwrapFirstKey(wrappingKey, OWN_SECRET, await store.ownSecret(offered), store.place);
    return new OpenVault(store, wrappingKey, secret, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

class OpenVault implements Vault {
  private readonly cache: KeyCache;
  private readonly hashKey: Buffer;

  constructor(
    private readonly store: KeyStore,
    private readonly wrappingKey: Buffer,
    secret: Buffer,
    private readonly ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
  ) {
    this.hashKey = deriveKey(secret, 'daybook vault hashes');
    this.cache = new KeyCache(ports.clock, async (subject) => this.unwrap(subject, await store.find(subject)));
  }

  async seal(subject: string, context: string, text: string): Promise<Sealed> {
    const keys = (await this.cache.get(subject)) ?? (await this.makeKey(subject));
    if (keys === 'forgotten') throw new SubjectForgottenError();
    return { sealed: 1, subject, data: sealText(keys, subject, context, text) };
  }

  async open(sealed: Sealed, context: string): Promise<string | null> {
    // A second look, because the first may have joined one that began before another machine made the key.
    const keys = (await this.cache.get(sealed.subject)) ?? (await this.cache.get(sealed.subject));
    if (keys === 'forgotten') return null;
    if (keys) return openText(keys, sealed.subject, context, sealed.data);
    // Keys are durable before anything is sealed with them: this one was lost, or the vault is another one's.
    this.ports.log.error('the vault has no key for a sealed text, and no word that its subject was forgotten', {
      subject: sealed.subject,
    });
    throw new KeyMissingError();
  }

  keyedHash(purpose: string, ...parts: readonly string[]): string {
    return createHmac('sha256', this.hashKey).update(JSON.stringify([purpose, ...parts])).digest('base64url');
  }

  async forget(subject: string): Promise<boolean> {
    const hadKey = await this.store.forget(subject);
    this.cache.purge(subject);
    return hadKey;
  }

  purge(subject: string): void {
    this.cache.purge(subject);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async makeKey(subject: string): Promise<SubjectKeys | 'forgotten'> {
    const { random } = this.ports;
    const offered = wrapKey(this.wrappingKey, subjectLabel(subject), random.bytes(KEY_BYTES), random.bytes(NONCE_BYTES));
    const keys = this.unwrap(subject, await this.store.addIfAbsent(subject, offered));
    this.cache.purge(subject);
    if (keys === undefined) throw new Error('the vault returned no key for a subject it had just added');
    return keys;
  }

  private unwrap(subject: string, stored: StoredKey | undefined): SubjectKeys | 'forgotten' | undefined {
    if (stored === undefined || stored === 'forgotten') return stored;
    return deriveSubjectKeys(unwrapKey(this.wrappingKey, subjectLabel(subject), stored));
  }
}

function subjectLabel(subject: string): string {
  return `subject ${subject}`;
}

function missingVault({ directory, databaseUrl }: VaultPlace): StartError {
  const place = databaseUrl ? 'the database of VAULT_DATABASE_URL' : path.join(directory, KEYS_FILE);
  return new StartError(
    `The log has events, but their vault is missing: no keys in ${place}.`,
    `A new vault could not open a single name in them. Restore the backup of the vault${databaseUrl ? '' : ' (vault.keys and vault.master)'} to that place and start again.`,
  );
}
