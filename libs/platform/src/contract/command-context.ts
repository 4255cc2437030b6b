import type { JsonObject } from '@daybook/eventsourcing';

/** Who sent a command and under which ids; made at the edge, carried to the decision and into the event's envelope. */
export interface CommandContext {
  readonly actor: { readonly userId: string; readonly name: string | null; readonly email: string | null };
  readonly commandId: string;
  /** The commandId was made for this request: nobody can have sent it before. */
  readonly isNewId?: boolean;
  /** Keyed digest of name, actor and arguments: tells a repeat from a reuse. */
  readonly commandHash: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** The program that sent it, as it names itself. */
  readonly client: string | null;
  readonly ip: string | null;
  readonly deadlineMs: number;
}

export interface CommandAnswer {
  readonly commandId: string;
  readonly position: bigint;
  /** The space whose read models will show it. */
  readonly space: { readonly kind: 'family' | 'user' | 'system'; readonly id: string };
  readonly result: JsonObject;
  /** The command had been carried out before; this is its first answer again. */
  readonly replayed: boolean;
  /** There was nothing to do, and no event remembers the command: its answer is kept for a day instead. */
  readonly quiet: boolean;
}

export interface QueryContext {
  readonly userId: string;
  readonly minPosition: bigint | undefined;
  readonly timeoutMs: number;
}

/** The part of a query's context that says how new its answer must be. */
export function freshness({ minPosition, timeoutMs }: QueryContext) {
  return { timeoutMs, ...(minPosition !== undefined && { minPosition }) };
}

export interface QueryAnswer {
  readonly data: JsonObject;
  readonly position: bigint;
  /** Of a list: where its next page begins, null after the last one. */
  readonly nextCursor?: string | null;
  readonly stale?: { readonly since: string; readonly reason: string };
}
