import type { Clock } from '@daybook/kernel';
import type { SubjectKeys } from './seal.js';

/** How long another process may still open a person's text after they were forgotten there. */
const AGE_MAX_MILLISECONDS = 60_000;
const ENTRIES_MAX = 10_000;

interface Entry {
  readonly keys: Promise<SubjectKeys | 'forgotten' | undefined>;
  readonly loadedAt: number;
}

/** Keys by subject, loaded once for all who ask at the same time. Holds no answer that a purge has overtaken. */
export class KeyCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Clock,
    private readonly load: (subject: string) => Promise<SubjectKeys | 'forgotten' | undefined>,
  ) {}

  get(subject: string): Promise<SubjectKeys | 'forgotten' | undefined> {
    const known = this.entries.get(subject);
    if (known && this.clock.monotonic() - known.loadedAt < AGE_MAX_MILLISECONDS) return known.keys;
    const entry: Entry = { keys: this.load(subject), loadedAt: this.clock.monotonic() };
    this.entries.delete(subject);
    this.entries.set(subject, entry);
    this.dropOldest();
    // What is not there yet may come at any moment, and a failure says nothing about the next try.
    const dropUnless = (isWorthKeeping: boolean): void => {
      if (!isWorthKeeping && this.entries.get(subject) === entry) this.entries.delete(subject);
    };
    entry.keys.then(
      (keys) => dropUnless(keys !== undefined),
      () => dropUnless(false),
    );
    return entry.keys;
  }

  /** Forgets what is held and what is being loaded: whoever asks from now on asks the store. */
  purge(subject: string): void {
    this.entries.delete(subject);
  }

  private dropOldest(): void {
    const [oldest] = this.entries.keys();
    if (this.entries.size > ENTRIES_MAX && oldest !== undefined) this.entries.delete(oldest);
  }
}
