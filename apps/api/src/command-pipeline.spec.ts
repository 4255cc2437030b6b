import { commandIdFor, type Random } from '@daybook/kernel';
import { commandRoute, defineCommand, systemRandom, type CommandAnswer, type CommandContext } from '@daybook/platform';
import { z } from 'zod';
import { CapturedLog } from '../../../test/support/captured-log.js';
import { VirtualTime } from '../../../test/support/virtual-time.js';
import { AnswerMemory } from './answer-memory.js';
import { CommandPipeline, type CommandRequest } from './command-pipeline.js';
import { RunningCommands } from './running-commands.js';

const KEY = '3f1d0c9e-6a54-4f3b-9a53-0f6c1f6f2a11';
const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
const identity = { logId: 'log', restores: 0 };
const contract = {
  name: 'rename',
  summary: 'Renames.',
  args: z.strictObject({ familyId: z.string(), name: z.string() }),
  answer: z.object({}),
  refusals: [],
  example: { familyId, name: 'Home' },
};

interface Sent {
  readonly args: unknown;
  readonly context: CommandContext;
}

/** Ops in a map, and a bus that answers what the test says. */
class Rig {
  readonly time = new VirtualTime();
  readonly log = new CapturedLog();
  readonly kept = new Map<string, unknown>();
  readonly sent: Sent[] = [];
  isQuiet = true;
  isOpsDown = false;
  answersAfterMs = 0;
  private readonly random: Random = systemRandom;

  pipeline(): CommandPipeline {
    const { time, log, random } = this;
    const answerOf = async (value: unknown): Promise<never> => {
      if (this.isOpsDown) throw new Error('no connection to ops');
      return Promise.resolve(value as never);
    };
    const ops = {
      recallAnswer: (id: string) => answerOf(this.kept.get(id)),
      rememberAnswer: (id: string, answer: unknown) => answerOf(this.kept.set(id, JSON.parse(JSON.stringify(answer)))),
    };
    return new CommandPipeline({
      routes: new Map([['rename', commandRoute(defineCommand(contract), (args, context) => ({ args, context }))]]),
      execute: async (message) => {
        this.sent.push(message as Sent);
        if (this.answersAfterMs > 0) await time.sleep(this.answersAfterMs);
        return this.answer(message as Sent);
      },
      commandHash: (body) => `hash of ${body}`,
      random,
      running: new RunningCommands(time),
      memory: new AnswerMemory({ ops, identity, clock: time, timers: time, random, log }),
      deadlineMs: 5_000,
      onCommandId: () => undefined,
    });
  }

  private answer({ context }: Sent): CommandAnswer {
    const position = BigInt(this.sent.length);
    const space = { kind: 'family', id: familyId } as const;
    return { commandId: context.commandId, position, space, result: { version: this.sent.length }, replayed: false, quiet: this.isQuiet };
  }
}

function request(changes: { name?: string; user?: string; key?: string | undefined } = {}): CommandRequest {
  const { name = 'Home', user = 'ada' } = changes;
  const idempotencyKey = 'key' in changes ? changes.key : KEY;
  const principal = { userId: user, roles: [], tokenExpiresAt: 0, authMode: 'dev' } as const;
  return { name: 'rename', args: { familyId, name }, idempotencyKey, principal, traceId: 'trace', client: null, ip: null };
}

describe('a key', () => {
  it('that is a UUID is the command id; any other counts per caller, command and family', async () => {
    const rig = new Rig();
    const pipeline = rig.pipeline();
    await pipeline.run(request());
    await pipeline.run(request({ key: 'mine' }));
    await pipeline.run(request({ key: 'mine', user: 'bob' }));
    await pipeline.run(request({ key: undefined }));
    const ids = rig.sent.map(({ context }) => context.commandId);
    expect(ids.slice(0, 3)).toEqual([KEY, commandIdFor('ada', 'rename', familyId, 'mine'), commandIdFor('bob', 'rename', familyId, 'mine')]);
    expect(new Set(ids).size).toBe(4);
  });

  it('brings the first answer of a command that had nothing to do again, also when there would be something to do by now', async () => {
    const rig = new Rig();
    const pipeline = rig.pipeline();
    const first = await pipeline.run(request());
    rig.isQuiet = false;
    expect(await pipeline.run(request())).toEqual({ ...first, replayed: true });
    expect(rig.sent).toHaveLength(1);
  });

  it.each([
    ['another body', { name: 'Cottage' }],
    ['another caller', { user: 'bob' }],
  ])('under which a command was answered that had nothing to do is refused to %s', async (_, changes) => {
    const rig = new Rig();
    const pipeline = rig.pipeline();
    await pipeline.run(request());
    await expect(pipeline.run(request(changes))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', data: { commandId: KEY } });
  });

  it('of a command that left events is remembered by its stream alone', async () => {
    const rig = new Rig();
    rig.isQuiet = false;
    await rig.pipeline().run(request());
    expect(rig.kept.size).toBe(0);
  });

  it('that was not sent leaves nothing behind', async () => {
    const rig = new Rig();
    await rig.pipeline().run(request({ key: undefined }));
    expect(rig.kept.size).toBe(0);
  });

  it('lets the command go on while the memory of answers is away, and says so in the log', async () => {
    const rig = new Rig();
    rig.isOpsDown = true;
    expect(await rig.pipeline().run(request())).toMatchObject({ commandId: KEY, replayed: false });
    expect(rig.log.lines.map(({ level, facts }) => [level, facts?.['what']])).toEqual([
      ['warn', 'recall'],
      ['warn', 'remember'],
    ]);
  });

  it('of an answer from before a restore is decided anew', async () => {
    const rig = new Rig();
    rig.kept.set(KEY, {
      commandHash: 'hash of {"actor":"ada","args":{"familyId":"0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11","name":"Home"},"name":"rename"}',
      answer: { position: '00000000-0000000000000007', space: { kind: 'family', id: familyId }, result: {} },
    });
    expect(await rig.pipeline().run(request())).toMatchObject({ replayed: false });
  });

  it('sent twice at once is carried out once: the second waits and gets the first answer', async () => {
    const rig = new Rig();
    rig.answersAfterMs = 1_000;
    const pipeline = rig.pipeline();
    const both = Promise.all([pipeline.run(request()), pipeline.run(request())]);
    const [first, second] = await rig.time.until(both);
    expect(second).toEqual({ ...first, replayed: true });
    expect(rig.sent).toHaveLength(1);
  });
});
