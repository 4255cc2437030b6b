import type { Log } from '@daybook/kernel';

export interface CapturedLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines, for tests that ask what was said. */
export class CapturedLog implements Log {
  readonly lines: CapturedLine[] = [];

  info(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'info', message, facts });
  }

  warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'warn', message, facts });
  }

  error(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'error', message, facts });
  }

  messages(): string[] {
    return this.lines.map(({ message }) => message);
  }
}
