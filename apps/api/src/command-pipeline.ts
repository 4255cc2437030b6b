import { commandIdFor, DaybookError, isUuid, type Random } from '@daybook/kernel';
import {
  canonicalJson,
  validationFailedBy,
  type CommandAnswer,
  type CommandContext,
  type CommandRoute,
  type Principal,
} from '@daybook/platform';
import type { AnswerMemory } from './answer-memory.js';
import type { RunningCommands } from './running-commands.js';

export interface CommandRequest {
  readonly name: string;
  readonly args: unknown;
  readonly idempotencyKey: string | undefined;
  readonly principal: Principal;
  readonly traceId: string;
  readonly client: string | null;
  readonly ip: string | null;
}

export interface CommandPipelineParts {
  readonly routes: ReadonlyMap<string, CommandRoute>;
  readonly execute: (message: object) => Promise<CommandAnswer>;
  /** Keyed, so that stored digests tell nothing about names and notes. */
  readonly commandHash: (canonicalBody: string) => string;
  readonly random: Random;
  readonly running: Pick<RunningCommands, 'oneAtATime'>;
  readonly memory: Pick<AnswerMemory, 'recall' | 'remember'>;
  readonly deadlineMs: number;
  /** Told as soon as the id is known, so that log lines of this request can name it. */
  readonly onCommandId: (commandId: string) => void;
}

/**
 * From a request to an accepted command: find the contract, parse, give it its id, send it over the bus. Whether it
 * is a repeat, allowed, or against a rule is decided behind the bus, where the stream is; only the answers that no
 * stream remembers are looked up here, and only for who sends a key.
 */
export class CommandPipeline {
  constructor(private readonly parts: CommandPipelineParts) {}

  async run(request: CommandRequest): Promise<CommandAnswer> {
    const route = this.parts.routes.get(request.name);
    if (route === undefined) {
      throw new DaybookError('UNKNOWN_COMMAND', 'There is no command of this name; /docs lists them all.');
    }
    const parsed = route.contract.args.safeParse(request.args);
    if (!parsed.success) throw validationFailedBy(parsed.error);
    const args: unknown = parsed.data;
    const context = this.contextOf(request, args);
    const execute = (): Promise<CommandAnswer> => this.parts.execute(route.toBus(args, context));
    if (request.idempotencyKey === undefined) return execute();
    return this.parts.running.oneAtATime(context.commandId, () => this.once(context, execute));
  }

  private async once({ commandId, commandHash }: CommandContext, execute: () => Promise<CommandAnswer>): Promise<CommandAnswer> {
    const before = await this.parts.memory.recall(commandId, commandHash);
    if (before !== undefined) return before;
    const answer = await execute();
    if (answer.quiet) await this.parts.memory.remember(commandHash, answer);
    return answer;
  }

  private contextOf(request: CommandRequest, args: unknown): CommandContext {
    const { principal, name } = request;
    const body = canonicalJson({ actor: principal.userId, name, args });
    const commandId = this.commandIdOf(request, args);
    this.parts.onCommandId(commandId);
    return {
      actor: { userId: principal.userId, name: principal.name ?? null, email: principal.email ?? null },
      commandId,
      isNewId: request.idempotencyKey === undefined,
      commandHash: this.parts.commandHash(body),
      correlationId: request.traceId,
      causationId: request.traceId,
      client: request.client,
      ip: request.ip,
      deadlineMs: this.parts.deadlineMs,
    };
  }

  private commandIdOf({ idempotencyKey, principal, name }: CommandRequest, args: unknown): string {
    if (idempotencyKey === undefined) return this.parts.random.uuid();
    return commandIdFor(principal.userId, name, familyOf(args), idempotencyKey);
  }
}

function familyOf(args: unknown): string | null {
  const familyId = typeof args === 'object' && args !== null ? (args as { familyId?: unknown }).familyId : undefined;
  return typeof familyId === 'string' && isUuid(familyId) ? familyId : null;
}
