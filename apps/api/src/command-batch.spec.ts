import { DaybookError, type ErrorCode } from '@daybook/kernel';
import { validationFailedBy, type CommandAnswer } from '@daybook/platform';
import { commandBatch, runCommandBatch, type BatchCommand, type BatchOutcome } from './command-batch.js';
import { untilAllProjected } from './projected.js';

function answer(commandId: string, position = 1n, id = 'home'): CommandAnswer {
  return { commandId, position, space: { kind: 'family', id }, result: {}, replayed: false, quiet: false };
}

const named = (...names: string[]): BatchCommand[] => names.map((name) => ({ name }));

function told(outcomes: readonly BatchOutcome[]): string[] {
  return outcomes.map((outcome) => {
    if ('answer' in outcome) return outcome.answer.commandId;
    return outcome.refusal instanceof DaybookError ? outcome.refusal.code : 'thrown';
  });
}

describe('a batch of commands', () => {
  let begun: string[];
  beforeEach(() => (begun = []));

  const run = (failures: Readonly<Record<string, unknown>>) => async ({ name }: BatchCommand) => {
    begun.push(name);
    await Promise.resolve();
    begun.push(`${name} over`);
    const failure = failures[name];
    if (failure !== undefined) throw failure as Error;
    return answer(name);
  };
  const refusing = (code: ErrorCode) => new DaybookError(code, 'no');

  it('begins each command when the one before has its answer', async () => {
    const outcomes = await runCommandBatch(named('one', 'two'), { run: run({}), isOver: () => false });
    expect(told(outcomes)).toEqual(['one', 'two']);
    expect(begun).toEqual(['one', 'one over', 'two', 'two over']);
  });

  it('goes on after a refusal, and after a fault of ours', async () => {
    const failures = { one: refusing('PERIOD_CLOSED'), two: new TypeError('a fault') };
    const outcomes = await runCommandBatch(named('one', 'two', 'three'), { run: run(failures), isOver: () => false });
    expect(told(outcomes)).toEqual(['PERIOD_CLOSED', 'thrown', 'three']);
  });

  it.each([
    ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
    ['OUTCOME_UNKNOWN', 'STORE_UNAVAILABLE'],
    ['SHUTTING_DOWN', 'SHUTTING_DOWN'],
  ] as const)('tries nothing more after %s, and says so', async (code, rest) => {
    const outcomes = await runCommandBatch(named('one', 'two', 'three'), { run: run({ one: refusing(code) }), isOver: () => false });
    expect(told(outcomes)).toEqual([code, rest, rest]);
    expect(begun).toEqual(['one', 'one over']);
  });

  it('ends when nobody reads its answer any more', async () => {
    const outcomes = await runCommandBatch(named('one', 'two', 'three'), { run: run({}), isOver: () => begun.length >= 2 });
    expect(told(outcomes)).toEqual(['one', 'SHUTTING_DOWN', 'SHUTTING_DOWN']);
  });

  it('refuses a command that would be too large alone, and takes the next', async () => {
    const commands = [{ name: 'one', args: { text: 'x'.repeat(256 * 1024) } }, { name: 'two' }];
    const outcomes = await runCommandBatch(commands, { run: run({}), isOver: () => false });
    expect(told(outcomes)).toEqual(['PAYLOAD_TOO_LARGE', 'two']);
  });

  it.each([
    [{}, ['/commands']],
    [{ commands: [] }, ['/commands']],
    [{ commands: Array.from({ length: 501 }, () => ({ name: 'x' })) }, ['/commands']],
    [{ commands: 'all' }, ['/commands']],
    [{ commands: [{ name: 'x' }, null] }, ['/commands/1']],
    [{ commands: [{ name: 'x' }, { name: 'x' }, { name: 'x' }, { args: {} }] }, ['/commands/3/name']],
    [{ commands: [{ name: 5 }] }, ['/commands/0/name']],
    [{ commands: [{ name: 'x', key: 'k' }] }, ['/commands/0/key']],
    [{ commands: [{ name: 'x', idempotencyKey: 'two words' }] }, ['/commands/0/idempotencyKey']],
    [{ commands: [{ name: 'x' }], atomic: true }, ['/atomic']],
    [[], ['']],
  ])('that is not well formed is refused as a whole, with pointers: %#', (body, pointers) => {
    const parsed = commandBatch.safeParse(body);
    const errors = parsed.success ? [] : (validationFailedBy(parsed.error).data.errors ?? []);
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('the wait for the read models after many commands', () => {
  it('is one wait a family, for its last position, and tells each command what became of its own', async () => {
    const answers = [answer('a', 1n), answer('b', 2n, 'cottage'), answer('c', 3n)];
    const waits: unknown[] = [];
    const projected = await untilAllProjected(answers, (space, position) => {
      waits.push([space.id, position]);
      return Promise.resolve(space.id === 'home' ? { projected: true } : { projected: false, notProjected: ['families'] });
    });
    expect(waits).toEqual([
      ['home', 3n],
      ['cottage', 2n],
    ]);
    expect(projected).toEqual([{ projected: true }, { projected: false, notProjected: ['families'] }, { projected: true }]);
  });
});
