import type { JsonObject } from './store.js';

/**
 * STORAGE CONTRACT. The metadata of every domain event: who did what for whom, with which command, and why.
 * Names are stored for ever; adding an optional field is allowed, changing or reusing one is not.
 */
export interface Envelope {
  readonly schema: 1;
  readonly commandId: string;
  /** Keyed digest of the command's body: the same id with another body is refused. */
  readonly commandHash: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly actor: { readonly userId: string; readonly kind: 'user' | 'system' | 'support'; readonly role: string | null };
  readonly onBehalfOf?: string;
  /** The program that sent the command, as it names itself. */
  readonly client: string | null;
  /** Sealed: an address is personal data. */
  readonly ip: JsonObject | null;
  readonly reason?: string;
  /** Revision of the family stream a ledger decision was made on. */
  readonly familyRevision?: string;
  /** Civil date in the family's zone at the decision. */
  readonly on: string;
  readonly recordedAt: string;
}
