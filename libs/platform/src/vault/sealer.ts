import type { Sealed } from '@daybook/kernel';

/** Seals personal data before it is stored and opens it per answer. */
export interface Sealer {
  /**
   * The same subject, context and text always give the same bytes, so a repeated command decides the same events and a
   * decision can compare sealed fields. `context` says which field of what this is, `family-<id>/name`: elsewhere the
   * text cannot be opened. Throws SubjectForgottenError for a person who was forgotten.
   */
  seal(subject: string, context: string, text: string): Promise<Sealed>;
  /** null = the person was forgotten. Throws SealBrokenError when this was not sealed here, for this subject and context. */
  open(sealed: Sealed, context: string): Promise<string | null>;
}

export class SubjectForgottenError extends Error {
  override readonly name = 'SubjectForgottenError';
  constructor() {
    super('this person was forgotten; nothing is sealed for them any more');
  }
}

export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
  constructor(options?: ErrorOptions) {
    super('the sealed text was changed, or belongs to another subject or field', options);
  }
}
