import { formatPosition, parsePosition, type LogIdentity } from '@daybook/eventsourcing';
import { DaybookError } from '@daybook/kernel';
import { validationFailed, validationFailedBy, type QueryAnswer, type QueryRoute } from '@daybook/platform';

export interface QueryPipelineParts {
  readonly routes: ReadonlyMap<string, QueryRoute>;
  readonly execute: (message: object) => Promise<QueryAnswer>;
  readonly log: LogIdentity;
  /** How far the read models are; for a client that asks with a position of another log. */
  readonly currentPosition: () => Promise<bigint>;
  readonly catchingUp: () => QueryAnswer['stale'];
}

export interface QueryRequest {
  readonly name: string;
  readonly args: unknown;
  readonly userId: string;
  readonly minPosition: bigint | undefined;
}

/** An answer as clients see it. */
export interface ShownAnswer {
  readonly data: QueryAnswer['data'];
  readonly position: string;
  readonly nextCursor?: string | null;
  readonly stale?: { readonly since: string; readonly reason: string };
}

/** How long a query waits for the position its caller names before it says that the read model is behind. */
export const POSITION_WAIT_MS = 500;

/** From a request to an answer: find the contract, parse, send it over the bus. */
export class QueryPipeline {
  constructor(private readonly parts: QueryPipelineParts) {}

  async run({ name, args, userId, minPosition }: QueryRequest): Promise<ShownAnswer> {
    const route = this.parts.routes.get(name);
    if (route === undefined) throw new DaybookError('UNKNOWN_QUERY', 'There is no query of this name; /docs lists them all.');
    const parsed = route.contract.args.safeParse(args);
    if (!parsed.success) throw validationFailedBy(parsed.error);
    const message = route.toBus(parsed.data, { userId, minPosition, timeoutMs: POSITION_WAIT_MS });
    const { data, position, nextCursor, stale = this.parts.catchingUp() } = await this.parts.execute(message);
    return {
      data,
      position: formatPosition(this.parts.log, position),
      ...(nextCursor !== undefined && { nextCursor }),
      ...(stale !== undefined && { stale: { since: stale.since, reason: stale.reason } }),
    };
  }

  /** The position a client has seen elsewhere; one of another log is refused at once, with the one to begin again from. */
  async minPositionOf(text: string | undefined): Promise<bigint | undefined> {
    if (text === undefined) return undefined;
    try {
      return parsePosition(this.parts.log, text);
    } catch (error) {
      if (!(error instanceof DaybookError)) throw error;
      if (error.code !== 'POSITION_OTHER_LOG') {
        throw validationFailed([{ pointer: '/minPosition', code: 'invalid_position', message: 'is sent back exactly as an answer gave it' }]);
      }
      return parsePosition(this.parts.log, text, await this.parts.currentPosition().catch(() => undefined));
    }
  }
}
