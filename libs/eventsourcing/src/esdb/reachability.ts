const PROBE_DEADLINE_MS = 1_000;

/**
 * After silence or an error the server is asked something harmless before it is sent an append. When that fails, the
 * append has provably not been sent, and its caller need not wonder.
 */
export class Reachability {
  private isDoubtful = true;
  private probing: Promise<void> | null = null;

  constructor(private readonly probe: (deadlineMs: number) => Promise<void>) {}

  doubt(): void {
    this.isDoubtful = true;
  }

  async assure(deadlineMs: number): Promise<void> {
    if (!this.isDoubtful) return;
    this.probing ??= this.probe(Math.min(deadlineMs, PROBE_DEADLINE_MS)).finally(() => {
      this.probing = null;
    });
    await this.probing;
    this.isDoubtful = false;
  }
}
