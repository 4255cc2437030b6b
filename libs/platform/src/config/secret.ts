import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that shows itself only when asked by name: printed, logged, inspected or put into JSON it says `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
