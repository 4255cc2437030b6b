/** What a program may not take from the air: time and chance. Adapters are in the platform; the simulation has its own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z; may jump. */
  now(): number;
  /** Milliseconds that never go back, from an arbitrary start. */
  monotonic(): number;
}

export interface Timers {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once; the returned function cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  uuid(): string;
  bytes(count: number): Uint8Array;
}

/** Structured logging: a constant sentence and its facts. Never personal data, tokens or payloads. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}
