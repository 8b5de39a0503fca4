import type { Theme } from './theme.ts';
import { BREAKER_THEMES } from './themes/breaker.ts';
import { BURST_THEMES } from './themes/bursts.ts';
import { FATE_THEMES } from './themes/fates.ts';
import { HOLD_THEMES } from './themes/holds.ts';
import { ONE_THEMES } from './themes/one-at-a-time.ts';
import { RATE_THEMES } from './themes/rates.ts';
import { THROUGHPUT_THEMES } from './themes/throughput.ts';

/** All that is proved about the flow of work. */
export const THEMES: Readonly<Record<string, Theme>> = {
  ...RATE_THEMES,
  ...THROUGHPUT_THEMES,
  ...ONE_THEMES,
  ...HOLD_THEMES,
  ...BREAKER_THEMES,
  ...FATE_THEMES,
  ...BURST_THEMES,
};
