import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { writeFileDurably } from '../system/durable-file.js';
import { StartError } from '../system/start-error.js';
import { blankLine, encodeRecord, readKeyFile, type KeyRecord, type LineAt } from './key-file-format.js';
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
  if (await fileExists(file)) await store.load();
  return store;
}

class FileKeyStore implements KeyStore {
  private handle: FileHandle | undefined;
  private secret: Buffer | undefined;
  private readonly keys = new Map<string, KnownKey>();
  /** Bytes known to be good and durable. */
  private length = 0;
  /** Set once what is on disk is not known any more; only a restart reads it again. */
  private broken: Error | undefined;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(readonly place: string) {}

  async load(): Promise<void> {
    await refuseOpenToOthers(this.place);
    const file = readKeyFile(await readFile(this.place), this.place);
    for (const line of file.records) this.remember(line.record, line);
    if (this.secret === undefined) throw new StartError(`${this.place} is not a vault.`, 'Restore it from a backup of the vault.');
    this.handle = await open(this.place, 'r+');
    await this.handle.truncate(file.length);
    for (const line of file.unblanked) await this.blank(line);
    await this.handle.datasync();
    this.length = file.length;
  }

  ownSecret(offered: Buffer): Promise<Buffer> {
    return this.inTurn(async () => {
      if (this.secret) return this.secret;
      const record: KeyRecord = { kind: 'vault', version: 1, secret: offered.toString('base64url') };
      await writeFileDurably(this.place, encodeRecord(record));
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
      const line = known?.line ?? null;
      await this.append({ kind: 'forgotten', subject, line });
      if (line) await this.blank(line);
      if (line) await this.file().datasync();
      return known !== undefined;
    });
  }

  async close(): Promise<void> {
    await this.lastWrite.catch(() => undefined);
    await this.handle?.close();
    this.handle = undefined;
  }

  /** Written and synced, or taken back: a full disk leaves the file as it was. */
  private async append(record: KeyRecord): Promise<void> {
    const bytes = encodeRecord(record);
    const line = { offset: this.length, length: bytes.length - 1 };
    try {
      await writeFully(this.file(), bytes, line.offset);
    } catch (error) {
      await this.file().truncate(this.length);
      throw error;
    }
    await this.syncOrBreak();
    this.length += bytes.length;
    this.remember(record, line);
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
    const turn = this.lastWrite.then(() => {
      if (this.broken) throw new Error(`the vault ${this.place} could not be synced; restart`, { cause: this.broken });
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

export async function fileExists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Keys that others could read may have been copied; that is for a person to judge, not to be tidied away. */
export async function refuseOpenToOthers(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  throw new StartError(
    `${file} can be read by other users of this machine (mode ${(mode & 0o777).toString(8)}).`,
    `Find out who could read it, then close it with \`chmod 600 ${file}\`.`,
  );
}
