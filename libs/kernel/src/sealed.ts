/**
 * STORAGE CONTRACT. Personal data as every store holds it: ciphertext that names the person it is about. It is opened
 * per answer, for those who may read it, and never again once the person's key is gone.
 */
export interface Sealed {
  readonly sealed: 1;
  /** The user whose key opens it. */
  readonly subject: string;
  /** base64url of nonce, ciphertext and tag. */
  readonly data: string;
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && (value as { sealed?: unknown }).sealed === 1;
}
