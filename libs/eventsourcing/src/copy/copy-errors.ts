/** Why nothing (more) is copied: to go on would not make a copy, or would spoil something. */
export class CopyRefusedError extends Error {
  override readonly name = 'CopyRefusedError';
}

/** The copy does not hold what its source does. */
export class CopyDiffersError extends Error {
  override readonly name = 'CopyDiffersError';
}
