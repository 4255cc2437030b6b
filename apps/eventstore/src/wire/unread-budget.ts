/** What all calls together hold for peers that have not taken it. Calls account for themselves; this is the sum. */
export class UnreadBudget {
  private held = 0;

  constructor(readonly limit: number) {}

  get bytes(): number {
    return this.held;
  }

  hasRoomFor(bytes: number): boolean {
    return this.held + bytes <= this.limit;
  }

  change(bytes: number): void {
    this.held += bytes;
  }
}
