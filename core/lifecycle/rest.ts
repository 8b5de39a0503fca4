/** Approximate numbers of messages in a queue. */
export interface Counts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/** Of them all: those out of sight are there all the same. */
export function messagesIn({ visible, delayed, inFlight }: Counts): number {
  return visible + delayed + inFlight;
}

export function isEmpty(counts: Counts): boolean {
  return messagesIn(counts) === 0;
}

/**
 * Whether an idle consumer may rest. Counts are approximate and late, so a queue must also have had no
 * activity that anybody noted. One of which no activity is known yet stays awake: settling notes the first.
 */
export function mayRest(
  restWhenIdleSeconds: number,
  counts: Counts,
  lastActivityAtMs: number | undefined,
  nowMs: number,
): boolean {
  if (!isEmpty(counts)) return false;
  return lastActivityAtMs !== undefined && nowMs - lastActivityAtMs >= restWhenIdleSeconds * 1000;
}
