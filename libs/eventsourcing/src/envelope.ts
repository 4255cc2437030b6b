import { invariant } from '@daybook/kernel';
import { z } from 'zod';
import type { JsonObject } from './store.js';

/**
 * STORAGE CONTRACT. The metadata of every domain event: who did what for whom, with which command, and why.
 * Names are stored for ever; adding an optional field is allowed, changing or reusing one is not.
 */
export interface Envelope {
  readonly schema: 1;
  readonly commandId: string;
  /** Keyed digest of the command's body: the same id with another body is refused. */
  readonly commandHash: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly actor: { readonly userId: string; readonly kind: 'user' | 'system' | 'support'; readonly role: string | null };
  readonly onBehalfOf?: string;
  /** The program that sent the command, as it names itself. */
  readonly client: string | null;
  /** Sealed: an address is personal data. */
  readonly ip: JsonObject | null;
  readonly reason?: string;
  /** Revision of the family stream a ledger decision was made on. */
  readonly familyRevision?: string;
  /** Civil date in the family's zone at the decision. */
  readonly on: string;
  readonly recordedAt: string;
}

const named = z.string().min(1);
const sealed = z.strictObject({ sealed: z.literal(1), subject: named, data: named });

export const envelopeSchema = z.strictObject({
  schema: z.literal(1),
  commandId: z.uuid(),
  commandHash: named,
  $correlationId: named,
  $causationId: named,
  actor: z.strictObject({ userId: named, kind: z.enum(['user', 'system', 'support']), role: named.nullable() }),
  onBehalfOf: named.optional(),
  client: named.nullable(),
  ip: sealed.nullable(),
  reason: named.optional(),
  familyRevision: z.string().regex(/^\d+$/).optional(),
  on: z.iso.date(),
  recordedAt: z.iso.datetime({ precision: 3 }),
});

/** What a caller of the runtime knows about a command; the decision adds when it was made. */
export interface EnvelopeContext {
  readonly commandId: string;
  readonly commandHash: string;
  readonly actor: Envelope['actor'];
  /** The request this command is a part of; the command itself when it began there. */
  readonly correlationId?: string;
  /** The command or event that led to this one. */
  readonly causationId?: string;
  readonly onBehalfOf?: string;
  readonly client: string | null;
  readonly ip: JsonObject | null;
  readonly reason?: string;
  readonly familyRevision?: bigint;
  readonly on: string;
  readonly recordedAt: string;
}

export function envelopeOf(context: EnvelopeContext): Envelope {
  const { commandId, commandHash, actor, client, ip, on, recordedAt, familyRevision } = context;
  return {
    schema: 1,
    commandId,
    commandHash,
    $correlationId: context.correlationId ?? commandId,
    $causationId: context.causationId ?? commandId,
    actor,
    ...(context.onBehalfOf !== undefined && { onBehalfOf: context.onBehalfOf }),
    client,
    ip,
    ...(context.reason !== undefined && { reason: context.reason }),
    ...(familyRevision !== undefined && { familyRevision: familyRevision.toString() }),
    on,
    recordedAt,
  };
}

/** The envelope as it is stored; throws on one that is incomplete, because nobody could ever complete it later. */
export function completeEnvelope(envelope: Envelope): JsonObject {
  const checked = envelopeSchema.safeParse(envelope);
  const fields = checked.error?.issues.map(({ path }) => path.join('.'));
  invariant(checked.success, `an envelope is incomplete: ${fields?.join(', ')}`);
  return { ...envelope } as unknown as JsonObject;
}

/** What the runtime needs of a stored envelope to know a command again. */
export interface CommandMark {
  readonly commandId: string;
  readonly commandHash: string;
  readonly userId: string;
}

/** Null for an event that no command led to. */
export function commandMarkOf(metadata: JsonObject): CommandMark | null {
  const { commandId, commandHash, actor } = metadata;
  if (typeof commandId !== 'string' || typeof commandHash !== 'string') return null;
  const userId = typeof actor === 'object' && actor !== null && !Array.isArray(actor) ? actor['userId'] : undefined;
  return typeof userId === 'string' ? { commandId, commandHash, userId } : null;
}
