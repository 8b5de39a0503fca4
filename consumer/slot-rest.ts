import type { Effects } from './effects.ts';

/**
 * The rest that a slot takes after a start. An environment runs one call at a time: it is a slot. Its wall clock may
 * be set, so a timer measures the rest.
 */
export interface SlotRest {
  begin(): void;
  /** Waits until it is over, at most so long. */
  wait(mostMs?: number): Promise<void>;
}

/** Node's timers may be early by a part of a millisecond. */
const EARLY_MS = 1;

export function createSlotRest(holdMs: number, effects: Effects): SlotRest {
  let over: Promise<void> = Promise.resolve();
  return {
    begin() {
      over = new Promise((resolve) => {
        effects.after(holdMs + EARLY_MS, resolve);
      });
    },
    async wait(mostMs = Number.POSITIVE_INFINITY) {
      if (mostMs === Number.POSITIVE_INFINITY) return over;
      let cancel = () => {};
      const tooLong = new Promise<void>((resolve) => {
        cancel = effects.after(Math.max(0, mostMs), resolve);
      });
      await Promise.race([over, tooLong]);
      cancel();
    },
  };
}
