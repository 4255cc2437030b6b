import type { Sealed } from '@daybook/kernel';

/** Seals personal data before it is stored and opens it per answer. */
export interface Sealer {
  /**
   * The same subject, context and text always give the same bytes, so a repeated command decides the same events and a
   * decision can compare sealed fields. `context` says which field of what this is, `family-<id>/name`: elsewhere the
   * text cannot be opened. Throws SubjectForgottenError for a person who was forgotten.
   */
  seal(subject: string, context: string, text: string): Promise<Sealed>;
  /**
   * null = the person was forgotten, and only that. Throws SealBrokenError when this was not sealed here, for this subject
   * and context, and KeyMissingError when the vault has neither a key nor word of a forgetting.
   */
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

/** A key was lost, or the vault is another one's: for the operator to mend, and never to be shown as a forgotten person. */
export class KeyMissingError extends Error {
  override readonly name = 'KeyMissingError';
  constructor() {
    super('the vault has no key for a sealed text, though its subject was never forgotten; restore the vault from its backup');
  }
}
