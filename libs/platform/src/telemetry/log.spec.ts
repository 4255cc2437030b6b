import fc from 'fast-check';
import { systemRandom } from '../system/index.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { noteCommandId, runInTrace, traceFrom, traceparentOf } from './context.js';
import { createLog, type LogOptions } from './log.js';

function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, log: createLog({ level: 'info', destination, ...options }) };
}

const parsed = (line: string | undefined) => JSON.parse(line ?? '') as Record<string, unknown>;

describe('a log line', () => {
  it('is one JSON object with time, level, sentence and facts', () => {
    const { lines, log } = capture({ base: { role: 'api' } });
    log.warn('The read model is behind', { projection: 'daily-budgets', lag: 3n, since: new Date(0) });
    const { time, ...rest } = parsed(lines[0]);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(rest).toEqual({
      level: 'warn',
      role: 'api',
      message: 'The read model is behind',
      projection: 'daily-budgets',
      lag: '3',
      since: '1970-01-01T00:00:00.000Z',
    });
  });

  it('below the level is not written', () => {
    const { lines, log } = capture({ level: 'error' });
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(lines).toHaveLength(1);
  });

  it('carries the trace of its request, and the command once it is known, through waiting', async () => {
    const { lines, log } = capture();
    const trace = traceFrom(undefined, systemRandom);
    await runInTrace(trace, async () => {
      log.info('first');
      await new Promise<void>((resolve) => setImmediate(resolve));
      noteCommandId('c-1');
      log.info('second', { traceId: 'mine' });
    });
    log.info('outside');
    const { traceId, spanId } = trace;
    expect(parsed(lines[0])).toMatchObject({ traceId, spanId });
    expect(parsed(lines[1])).toMatchObject({ traceId, spanId, commandId: 'c-1', traceId_: 'mine' });
    expect(parsed(lines[2])).not.toHaveProperty('traceId');
    expect(traceparentOf(trace)).toBe(`00-${traceId}-${spanId}-00`);
  });

  it('names an error with its code, stack and cause, and nothing else the error carries', () => {
    const { lines, log } = capture();
    const cause = Object.assign(new Error('Key (email)=(ana@example.com) exists'), { code: '23505', detail: 'row' });
    log.error('A write failed', { error: new Error('outer', { cause }) });
    expect(parsed(lines[0])).toMatchObject({
      error: { type: 'Error', message: 'outer', stack: expect.stringContaining('outer') as string, cause: { code: '23505' } },
    });
    expect(lines[0]).not.toMatch(/ana@|"detail"/);
  });

  it('said more than 50 times in a second is counted, not written', async () => {
    const clock = new VirtualTime();
    const { lines, log } = capture({ clock });
    for (let count = 0; count < 200; count += 1) log.info('A token was refused');
    log.info('Something else');
    expect(lines).toHaveLength(51);
    await clock.advance(1_000);
    log.info('A token was refused');
    log.info('A token was refused');
    expect(lines.slice(51).map((line) => parsed(line)['suppressed'])).toEqual([150, undefined]);
  });

  it('for people is one readable line with the stack below, and obeys no control characters', () => {
    const { lines, log } = capture({ forPeople: true });
    log.info('Listening', { port: 3000, url: 'http://localhost:3000' });
    log.error('It \u001b[2Jfailed', { error: new Error('why') });
    expect(lines[0]).toMatch(/\d\d:\d\d:\d\d\.\d{3}.* .*info .* Listening .*port=3000 url=http:\/\/localhost:3000/);
    expect(lines[1]).toContain('error="why"');
    expect(lines[1]).toContain('\n    at ');
    expect(lines[1]).not.toContain('\u001b[2J');
  });

  it('is for people where the destination is a terminal', () => {
    const lines: string[] = [];
    createLog({ level: 'info', destination: { isTTY: true, write: (line) => lines.push(line) } }).info('Hello');
    expect(lines[0]).not.toContain('{');
  });
});

describe('what never reaches a log', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl';

  it.each<[string, Record<string, unknown>]>([
    ['a token in a text', { reason: `got ${token}` }],
    ['a header', { header: `Bearer ${token.replaceAll('.', '')}` }],
    ['a token by name', { accessToken: 'CANARY' }],
    ['a password by name', { deep: { list: [{ Pass_word: 'CANARY' }] } }],
    ['a password in an address', { url: 'postgres://user:CANARY@db:5432/x' }],
    ['an e-mail in a text', { reason: 'no such user: CANARY.x+y@mail.example.com' }],
    ['a name', { displayName: 'CANARY', given_name: 'CANARY' }],
    ['an address', { ip: 'CANARY', userAgent: 'CANARY' }],
    ['a payload', { body: { anything: 'CANARY' }, args: ['CANARY'], data: 'CANARY', params: ['CANARY'] }],
    ['bytes', { frame: Buffer.from('CANARY') }],
    ['an error', { error: new Error(`postgres://u:CANARY@h refused ${token}`) }],
  ])('%s', (_what, facts) => {
    const { lines, log } = capture();
    log.info('Something happened', facts);
    expect(lines[0]).not.toMatch(/CANARY|eyJ/);
    expect(lines).toHaveLength(1);
  });

  it('is told by its size where it is bytes', () => {
    const { lines, log } = capture();
    log.info('A frame', { frame: Buffer.from('CANARY') });
    expect(parsed(lines[0])).toMatchObject({ frame: '6 bytes' });
  });

  it('is cut out of the sentence itself', () => {
    const { lines, log } = capture();
    log.info(`User ana@example.com sent ${token}`);
    expect(parsed(lines[0])['message']).toBe('User [redacted] sent [redacted]');
  });

  it('whatever the facts are, the line is one bounded JSON object', () => {
    const { lines, log } = capture();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    log.info('cycle', cycle);
    log.info('large', { text: 'x'.repeat(1_000_000), list: Array(10_000).fill('y'.repeat(3_000)) });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true })), (facts) => {
        log.info('any', facts);
      }),
      { numRuns: 200 },
    );
    for (const line of lines) {
      expect(line.length).toBeLessThan(100_000);
      expect(parsed(line)['level']).toBe('info');
    }
  });
});
