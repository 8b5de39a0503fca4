import type { Lane } from '../../core/lanes.ts';

/** Leave to make one call in Lambda's control-plane bucket, now. Only the budget gives it. */
export interface Permit {
  readonly lane: Lane;
  readonly startMs: number;
}
