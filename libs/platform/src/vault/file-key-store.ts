import { open, readFile, type FileHandle } from 'node:fs/promises';
import { writeFileDurably } from '../system/durable-file.js';
import { StartError } from '../system/start-error.js';
import { fileExists, refuseOpenToOthers } from './file-checks.js';
import { blankLine, encodeRecord, readKeyFile, type KeyRecord, type LineAt, type ReadRecord } from './key-file-format.js';
import { refuseLostKeys, writeKeyFileLength } from './key-file-length.js';
import type { KeyStore, StoredKey } from './key-store.js';

interface KnownKey {
  readonly stored: StoredKey;
  readonly line: LineAt | null;
}

/**
 * The vault of one machine: a file beside the log, held in memory, appended and synced before a key is handed out.
 * Nobody else writes it: whoever opens it holds the lock of the data directory.
 */
export async function openFileKeyStore(file: string): Promise<KeyStore> {
  const store = new FileKeyStore(file);
  try {
    if (await fileExists(file)) await store.load();
    else await refuseLostKeys(file, 0);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class FileKeyStore implements KeyStore {
  private handle: FileHandle | undefined;
  private secret: Buffer | undefined;
  private readonly keys = new Map<string, KnownKey>();
  /** Bytes known to be good and durable. */
  private length = 0;
  /** On disk, but not counted in vault.length yet: nobody may use it before. */
  private uncounted: ReadRecord | undefined;
  /** Set once what is on disk is not known any more; only a restart reads it again. */
  private broken: Error | undefined;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(readonly place: string) {}

  async load(): Promise<void> {
    await refuseOpenToOthers(this.place);
    const file = readKeyFile(await readFile(this.place), this.place);
    for (const line of file.records) this.remember(line.record, line);
    if (this.secret === undefined) throw new StartError(`${this.place} is not a vault.`, 'Restore it from a backup of the vault.');
    const counted = await refuseLostKeys(this.place, file.length);
    this.handle = await open(this.place, 'r+');
    await this.handle.truncate(file.length);
    for (const line of file.unblanked) await this.blank(line);
    await this.handle.datasync();
    if (counted < file.length) await writeKeyFileLength(this.place, file.length);
    this.length = file.length;
  }

  ownSecret(offered: Buffer): Promise<Buffer> {
    return this.inTurn(async () => {
      if (this.secret) return this.secret;
      const record: KeyRecord = { kind: 'vault', version: 1, secret: offered.toString('base64url') };
      // First, so that keys without it are always damage.
      await writeKeyFileLength(this.place, 0);
      await writeFileDurably(this.place, encodeRecord(record, 0));
      await this.load();
      return offered;
    });
  }

  async find(subject: string): Promise<StoredKey | undefined> {
    return this.keys.get(subject)?.stored;
  }

  addIfAbsent(subject: string, offered: Buffer): Promise<StoredKey> {
    return this.inTurn(async () => {
      const known = this.keys.get(subject);
      if (known) return known.stored;
      await this.append({ kind: 'key', subject, key: offered.toString('base64url') });
      return offered;
    });
  }

  forget(subject: string): Promise<boolean> {
    return this.inTurn(async () => {
      const known = this.keys.get(subject);
      if (known?.stored === 'forgotten') return false;
      await this.append({ kind: 'forgotten', subject, line: known?.line ?? null });
      return known !== undefined;
    });
  }

  async close(): Promise<void> {
    await this.lastWrite.catch(() => undefined);
    await this.handle?.close();
    this.handle = undefined;
  }

  /** Written and synced, or taken back: a full disk leaves the file as it was. What follows the sync is retried in the next turn. */
  private async append(record: KeyRecord): Promise<void> {
    const bytes = encodeRecord(record, this.length);
    const line = { offset: this.length, length: bytes.length - 1 };
    try {
      await writeFully(this.file(), bytes, line.offset);
    } catch (error) {
      await this.file().truncate(this.length);
      throw error;
    }
    await this.syncOrBreak();
    this.length += bytes.length;
    this.uncounted = { ...line, record };
    await this.settle();
  }

  /** Brings the last record into force: the key it erases is blanked, and it is counted before anybody can use it. */
  private async settle(): Promise<void> {
    if (!this.uncounted) return;
    const { record } = this.uncounted;
    if (record.kind === 'forgotten' && record.line) {
      await this.blank(record.line);
      await this.syncOrBreak();
    }
    await writeKeyFileLength(this.place, this.length);
    this.remember(record, this.uncounted);
    this.uncounted = undefined;
  }

  private async blank(line: LineAt): Promise<void> {
    await writeFully(this.file(), blankLine(line), line.offset);
  }

  /** After a failed sync nobody knows which bytes are on disk, and a second sync would not tell. */
  private async syncOrBreak(): Promise<void> {
    try {
      await this.file().datasync();
    } catch (error) {
      this.broken = error as Error;
      throw error;
    }
  }

  private remember(record: KeyRecord, line: LineAt): void {
    switch (record.kind) {
      case 'vault':
        this.secret = Buffer.from(record.secret, 'base64url');
        return;
      case 'key':
        this.keys.set(record.subject, { stored: Buffer.from(record.key, 'base64url'), line: { offset: line.offset, length: line.length } });
        return;
      case 'forgotten':
        this.keys.set(record.subject, { stored: 'forgotten', line: null });
        return;
      default:
        throw new Error(`unknown record in ${this.place}: ${JSON.stringify(record satisfies never)}`);
    }
  }

  private file(): FileHandle {
    if (!this.handle) throw new Error(`the vault ${this.place} is closed`);
    return this.handle;
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.lastWrite.then(async () => {
      if (this.broken) throw new Error(`the vault ${this.place} could not be synced; restart`, { cause: this.broken });
      await this.settle();
      return work();
    });
    this.lastWrite = turn.catch(() => undefined);
    return turn;
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
