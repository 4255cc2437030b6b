import * as fc from 'fast-check';
import { codePointsIn, parseText } from './text.js';

const name = (text: string) => parseText(text, { min: 1, max: 10 });

function refusalOf(action: () => unknown): unknown {
  try {
    action();
  } catch (refusal) {
    return refusal;
  }
  throw new Error('nothing was refused');
}

describe('text', () => {
  it('is trimmed and brought to one form', () => {
    expect(name('  Zoe\u0308 ')).toBe('Zo\u00eb');
  });

  it('is measured in code points, not in UTF-16 units', () => {
    expect(name('👩‍👩‍👧‍👦')).toBe('👩‍👩‍👧‍👦');
    expect(codePointsIn('👩‍👩‍👧‍👦')).toBe(7);
    expect(name('a'.repeat(10))).toHaveLength(10);
    expect(() => name('a'.repeat(11))).toThrow('between 1 and 10');
  });

  it('that is only space is too short where one character is asked for', () => {
    expect(() => name('   ')).toThrow('between 1 and 10');
    expect(parseText('   ', { min: 0, max: 10 })).toBe('');
  });

  it.each(['a\u0000b', 'a\tb', 'a\nb', 'a\u0085b', 'a\u007fb', 'a\ud800b', 'a\u202eb', 'a\u2066b', 'a\u2028b'])(
    '%j is refused',
    (text) => {
      expect(() => name(text)).toThrow('control characters');
    },
  );

  it.each(['\u200b', '\u00ad\u2060', '\u3164', '\ufe0f', '\u2800 \u2800', '\u{e0020}', '\u180e', '\u115f'])('of nothing that can be seen is refused: %j', (text) => {
    expect(() => name(text)).toThrow('a character that can be seen');
    expect(name(`a${text}b`)).toContain('a');
  });

  it.each([
    ['', 'invalid_length', 'must have between 1 and 10 characters'],
    ['a\u0000b', 'invalid_characters', 'must not have control characters'],
  ])('%j is refused with a code for programs and half a sentence for people', (text, code, message) => {
    expect(refusalOf(() => name(text))).toMatchObject({
      code: 'VALIDATION_FAILED',
      detail: `The text ${message}.`,
      data: { errors: [{ pointer: '', code, message }] },
    });
  });

  it('of several lines keeps its lines and nothing else that controls', () => {
    expect(parseText('a\r\nb\rc\n', { min: 1, max: 10, multiline: true })).toBe('a\nb\nc');
    expect(() => parseText('a\tb', { min: 1, max: 10, multiline: true })).toThrow('control characters');
  });

  it('once accepted is accepted again, unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 8 }), (text) => {
        const bounds = { min: 0, max: 100 };
        const accepted = parseText(text, bounds);
        expect(parseText(accepted, bounds)).toBe(accepted);
      }),
    );
  });
});
