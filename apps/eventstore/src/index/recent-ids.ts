/** Ids and where they were written, for appends without an exact revision. Best effort by contract: bounded, in memory. */
export class RecentIds {
  private readonly ordinals = new Map<string, number>();

  constructor(private readonly capacity: number) {}

  remember(id: string, ordinal: number): void {
    this.ordinals.delete(id);
    this.ordinals.set(id, ordinal);
    if (this.ordinals.size <= this.capacity) return;
    for (const oldest of this.ordinals.keys()) {
      this.ordinals.delete(oldest);
      return;
    }
  }

  ordinalOf(id: string): number | undefined {
    return this.ordinals.get(id);
  }
}
