import type { StreamState } from '@daybook/eventsourcing';
import { familyFold, type FamilyState } from '../family/family-state.js';
import { familyStream } from '../family/family-stream.js';
import type { HouseholdParts } from '../household-parts.js';

/**
 * Families as they are, for decisions on their ledgers. Whoever asks before a read has begun shares it: one turn of a
 * ledger decides many commands at once, and asks for each.
 */
export class FreshFamilies {
  private readonly notBegun = new Map<string, Promise<StreamState<FamilyState>>>();

  constructor(private readonly commands: HouseholdParts['commands']) {}

  /** A state the family had after the call. */
  read(familyId: string): Promise<StreamState<FamilyState>> {
    const shared = this.notBegun.get(familyId);
    if (shared !== undefined) return shared;
    const asked = Promise.resolve().then(() => {
      this.notBegun.delete(familyId);
      return this.commands.read(familyStream(familyId), familyFold);
    });
    this.notBegun.set(familyId, asked);
    return asked;
  }
}
