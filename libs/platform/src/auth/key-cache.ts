import { DaybookError, type Clock, type Log } from '@daybook/kernel';
import { createLocalJWKSet, type CryptoKey, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { TokenRefused } from './principal.js';

export interface KeyCacheOptions {
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looked at again in the background, so that a withdrawn key is gone soon. */
const REFRESH_AFTER_MS = 10 * 60_000;
/** Keys are used that long without a fresh look. An issuer that is down longer cannot issue tokens either. */
const MAX_AGE_MS = 60 * 60_000;
/** A token that names an unknown key makes us ask, but a flood of them does not. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** With no keys at all nobody can get in: asked again sooner. */
const NO_KEYS_PAUSE_MS = 5_000;

type SelectKey = (header: JWTHeaderParameters) => Promise<CryptoKey>;

/** The issuer's keys, by the rules of an outage: cached keys serve until their age ends, then nothing is verified. */
export class KeyCache {
  readonly #options: KeyCacheOptions;
  #select: SelectKey | undefined;
  #fetchedAt = -Infinity;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  async keyFor(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (this.#age() > MAX_AGE_MS) await this.#ask(NO_KEYS_PAUSE_MS);
    else if (this.#age() > REFRESH_AFTER_MS) void this.#ask(UNKNOWN_KEY_PAUSE_MS);
    const known = await this.#find(header);
    if (known !== undefined) return known;
    await this.#ask(UNKNOWN_KEY_PAUSE_MS);
    const fresh = await this.#find(header);
    if (fresh === undefined) throw new TokenRefused('signed with a key the issuer does not publish');
    return fresh;
  }

  /** Milliseconds since the keys were last fetched; for metrics and the alarm on it. */
  ageMs(): number | undefined {
    return this.#select === undefined ? undefined : this.#age();
  }

  #age(): number {
    return this.#options.clock.monotonic() - this.#fetchedAt;
  }

  async #find(header: JWTHeaderParameters): Promise<CryptoKey | undefined> {
    if (this.#select === undefined || this.#age() > MAX_AGE_MS) {
      throw new DaybookError('AUTH_UNAVAILABLE', 'The keys that verify tokens cannot be fetched right now.');
    }
    try {
      return await this.#select(header);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'ERR_JWKS_NO_MATCHING_KEY') return undefined;
      throw error;
    }
  }

  /** Asks once for all who wait, and not again within the pause. Never throws: what is missing shows at use. */
  #ask(pauseMs: number): Promise<void> {
    if (this.#asking !== undefined) return this.#asking;
    if (this.#options.clock.monotonic() - this.#askedAt < pauseMs) return Promise.resolve();
    this.#askedAt = this.#options.clock.monotonic();
    this.#asking = this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(): Promise<void> {
    try {
      this.#select = createLocalJWKSet(await this.#options.fetchKeys());
      this.#fetchedAt = this.#options.clock.monotonic();
    } catch (error) {
      this.#options.log.warn('The keys of the identity provider could not be fetched', { error });
    }
  }
}
