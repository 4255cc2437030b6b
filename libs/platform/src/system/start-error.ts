/**
 * Why the program cannot start, for the person at the keyboard: what is wrong in one line and what to do about it in
 * the next. The launcher prints both and no stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
  constructor(
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** What the launcher prints. */
  get report(): string {
    return `${this.message}\n${this.hint}`;
  }
}
