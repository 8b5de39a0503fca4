/** What the fake API does with requests of one group, and when. */

export type Mood =
  /** A token bucket that holds one second's worth; who finds it empty gets 429 with a Retry-After. */
  | { readonly kind: 'allows'; readonly perSecond: number }
  /** Every request is answered with this status; with a Retry-After until the end of it where it `says` so. */
  | { readonly kind: 'out'; readonly status: 500 | 503; readonly says: boolean };

export type PhaseName = 'warm-up' | 'enough' | 'less' | 'outage' | 'enough again';

export interface Phase {
  readonly name: PhaseName;
  /** The last one goes on for ever. */
  readonly seconds: number;
  readonly mood: Mood;
}

export type Script = readonly [Phase, ...Phase[]];

/** A phase, and how long it has still to go. */
export interface Now {
  readonly phase: Phase;
  readonly leftMs: number;
}

/** @param elapsedMs since the group's first request */
export function phaseAt(script: Script, elapsedMs: number): Now {
  let endMs = 0;
  let phase: Phase = script[0];
  for (phase of script) {
    endMs += phase.seconds * 1000;
    if (elapsedMs < endMs) break;
  }
  return { phase, leftMs: Math.max(0, endMs - elapsedMs) };
}

/** A phase in time, milliseconds since the group's first request, the end not included. */
export interface Span extends Phase {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param endMs the last phase ends then, and no other ends later */
export function spansOf(script: Script, endMs: number): Span[] {
  let fromMs = 0;
  return script.map((phase, index) => {
    const nominalMs = index === script.length - 1 ? endMs : fromMs + phase.seconds * 1000;
    const span = { ...phase, fromMs, toMs: Math.max(fromMs, Math.min(nominalMs, endMs)) };
    fromMs += phase.seconds * 1000;
    return span;
  });
}
