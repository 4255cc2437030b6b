import { DaybookError } from './errors.js';

/**
 * Text as people enter it, in one form: NFC, trimmed, without control characters, unpaired surrogates or characters
 * that reverse the direction of what follows (a name must not rewrite the line it is shown in).
 */
export interface TextBounds {
  /** In code points, after trimming. */
  readonly min: number;
  readonly max: number;
  /** Whether line breaks are kept; elsewhere they are refused. */
  readonly multiline?: boolean;
}

const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const FORBIDDEN_EXCEPT_LINE_FEED = /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Space, joiners, fillers and other marks that show nothing on their own; also the braille cell without dots. */
const INVISIBLE = /^[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

export function parseText(text: string, { min, max, multiline = false }: TextBounds): string {
  const unified = (multiline ? text.replace(/\r\n?/g, '\n') : text).normalize('NFC').trim();
  if ((multiline ? FORBIDDEN_EXCEPT_LINE_FEED : FORBIDDEN).test(unified)) {
    throw refused('invalid_characters', 'must not have control characters');
  }
  const length = codePointsIn(unified);
  if (length < min || length > max) {
    throw refused('invalid_length', `must have between ${min} and ${max} characters`);
  }
  if (INVISIBLE.test(unified)) throw refused('invisible', 'must have a character that can be seen');
  return unified;
}

function refused(code: string, message: string): DaybookError {
  return new DaybookError('VALIDATION_FAILED', `The text ${message}.`, { errors: [{ pointer: '', code, message }] });
}

export function codePointsIn(text: string): number {
  return Array.from(text).length;
}
