import type { Breaker, Probe } from '../../../../core/flow/breaker.ts';
import { PRESET } from './breaker-settings.ts';

export const NOW_MS = 1_800_000_000_000;
export const settings = PRESET;
export const half = () => 0.5;

export type Found = 'succeeded' | 'failed';

/** The same numbers each time. @see https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
export function fixedRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export const closed = (opened = 0, sinceMs = NOW_MS - 1_000): Breaker => ({
  state: 'closed',
  sinceMs,
  opened,
});
export const open = (untilMs: number, opened = 1): Breaker => ({
  state: 'open',
  sinceMs: NOW_MS - 30_000,
  untilMs,
  opened,
});
export const halfOpen = (probes: readonly Probe[], succeeded = 0, opened = 1) =>
  ({ state: 'halfOpen', sinceMs: NOW_MS - 5_000, opened, probes, succeeded }) as const;
export const probe = (id: string, untilMs = NOW_MS + 10_000): Probe => ({ id, untilMs });
