/** A queue in front of `slots` equal slots. */
export interface Station {
  /** Tasks that arrive each second, mean. */
  readonly perSecond: number;
  /** What a task takes, seconds, mean. */
  readonly seconds: number;
  readonly slots: number;
}

/** The share of its capacity that a station is asked for; 1 or more: the queue grows for ever. */
export function utilization({ perSecond, seconds, slots }: Station): number {
  return (perSecond * seconds) / slots;
}

/**
 * Erlang B: the share of arrivals that find all slots busy where nobody waits, by its recursion, which neither
 * overflows nor loses digits.
 * Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
 * exchanges", Elektroteknikeren 13 (1917); the recursion: https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula
 * @param load offered load, erlangs: arrivals per second × seconds of a task
 */
export function blockedShare(load: number, slots: number): number {
  let blocked = 1;
  for (let slot = 1; slot <= slots; slot += 1) blocked = (load * blocked) / (slot + load * blocked);
  return blocked;
}

/**
 * Erlang C: the share of tasks that wait, where they arrive at random (Poisson) and take exponentially distributed times
 * (M/M/c).
 * Source: https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula
 * @returns 1 for a station whose queue grows for ever
 */
export function waitingShare(station: Station): number {
  const busy = utilization(station);
  if (busy >= 1) return 1;
  const blocked = blockedShare(station.perSecond * station.seconds, station.slots);
  return blocked / (1 - busy * (1 - blocked));
}

/**
 * Mean wait in the queue of an M/M/c station, seconds; infinite where the queue grows for ever.
 * Source: the same; C / (c μ − λ).
 */
export function erlangWaitSeconds(station: Station): number {
  const { perSecond, seconds, slots } = station;
  const spare = slots / seconds - perSecond;
  return spare <= 0 ? Number.POSITIVE_INFINITY : waitingShare(station) / spare;
}
