const COLOURS: Readonly<Record<string, string>> = { info: '\u001b[32m', warn: '\u001b[33m', error: '\u001b[31m' };
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** A JSON log line as a person reads it: time of day, level, sentence, facts; the stack of an error below. */
export function humanLine(json: string): string {
  const { time, level, message, ...facts } = JSON.parse(json) as Record<string, unknown>;
  const stacks: string[] = [];
  const shown = Object.entries(facts).map(([name, fact]) => `${name}=${shownFact(fact, stacks)}`);
  const label = String(level);
  const head = `${DIM}${String(time).slice(11, 23)}${RESET} ${COLOURS[label] ?? ''}${label.padEnd(5)}${RESET}`;
  const tail = shown.length === 0 ? '' : ` ${DIM}${shown.join(' ')}${RESET}`;
  return [`${head} ${printable(String(message))}${tail}`, ...stacks, ''].join('\n');
}

function shownFact(fact: unknown, stacks: string[]): string {
  if (isErrorFact(fact)) {
    stacks.push(...fact.stack.split('\n').slice(1).map(printable));
    return JSON.stringify(fact.message);
  }
  return typeof fact === 'string' && /^[\w./:@-]+$/.test(fact) ? fact : JSON.stringify(fact);
}

function isErrorFact(fact: unknown): fact is { message: string; stack: string } {
  return typeof fact === 'object' && fact !== null && 'stack' in fact && typeof fact.stack === 'string';
}

/** A terminal obeys control characters; a log line must not be able to give orders. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '?');
}
