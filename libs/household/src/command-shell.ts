import { DaybookError, type CivilDate, type Sealed } from '@daybook/kernel';
import { envelopeOf, type Envelope } from '@daybook/eventsourcing';
import { SubjectForgottenError, type CommandContext, type Sealer } from '@daybook/platform';
import type { Role } from './membership/roles.js';

/** What only the decision can tell of an envelope. */
export interface Decided {
  readonly role: Role | null;
  /** The family's civil date. */
  readonly on: CivilDate;
  readonly recordedAt: string;
  readonly familyRevision?: bigint;
}

/** Seals personal text of a person; whoever was forgotten can say nothing any more. */
export async function sealText(sealer: Sealer, subject: string, context: string, text: string): Promise<Sealed> {
  try {
    return await sealer.seal(subject, context, text);
  } catch (error) {
    if (!(error instanceof SubjectForgottenError)) throw error;
    throw new DaybookError('USER_UNKNOWN', 'This user was forgotten for good; sign in as another one.');
  }
}

/** The envelope of a user's command, but for what its decision adds. */
export async function envelopeOfUser(context: CommandContext, sealer: Sealer): Promise<(decided: Decided) => Envelope> {
  const { userId } = context.actor;
  const ip = context.ip === null ? null : await sealText(sealer, userId, `${context.commandId}/ip`, context.ip);
  return ({ role, ...decided }) =>
    envelopeOf({ ...context, ...decided, actor: { userId, kind: 'user', role }, ip: ip === null ? null : { ...ip } });
}
