/** A wrapped key; `forgotten` for a person who must never get one again. */
export type StoredKey = Buffer | 'forgotten';

/** Where wrapped keys lie. One form is a file beside the log, the other a database shared by several machines. */
export interface KeyStore {
  /** For messages: a path, or the name of a variable. */
  readonly place: string;
  /** The vault's own wrapped secret: the one there is, or, in a new vault, the one offered. Durable when it returns. */
  ownSecret(offered: Buffer): Promise<Buffer>;
  find(subject: string): Promise<StoredKey | undefined>;
  /** What the subject has from now on: what was there, or the offered key. Durable when it returns. */
  addIfAbsent(subject: string, offered: Buffer): Promise<StoredKey>;
  /** Erases the wrapped key and leaves word of it. Tells whether there was one. */
  forget(subject: string): Promise<boolean>;
  close(): Promise<void>;
}
