/** The lease by which the runtime runs one task at a time, of all simulated consumers that are told to. */
export class SlotLeases {
  readonly #untilMs = new Map<string, number>();

  /** When a call that begins now gets the lease: it waits for whoever has it. */
  freeAtMs(functionName: string, nowMs: number): number {
    return Math.max(nowMs, this.#untilMs.get(functionName) ?? 0);
  }

  take(functionName: string, untilMs: number): void {
    this.#untilMs.set(functionName, untilMs);
  }
}
