import type { Spread, Wanted } from '../config-record.ts';
import type { Counts } from '../lifecycle/rest.ts';
import type { PipelineBounds, Planned } from '../spread/plan.ts';
import { planBurst } from '../spread/plan-burst.ts';
import type { Measured } from './measure.ts';

/** Tasks that somebody sends, or thinks of sending. */
export type Considered = Pick<Measured, 'total' | 'refused' | 'estimate' | 'durationsSeconds'>;

/** What of a pipeline bounds its bursts, by its record and by what is in its queue; absent: nothing. */
export function boundsOfPipeline(
  { concurrency, rateLimits }: Pick<Wanted, 'concurrency' | 'rateLimits'>,
  { visible, inFlight }: Pick<Counts, 'visible' | 'inFlight'> = { visible: 0, inFlight: 0 },
): PipelineBounds {
  return { concurrency, rateLimits, backlog: visible + inFlight };
}

/** Plans those of a burst's tasks that can be sent. */
export function planMeasured(
  { total, refused, estimate, durationsSeconds }: Considered,
  goal: Spread | undefined,
  bounds: PipelineBounds,
  random: () => number,
): Planned {
  return planBurst({
    count: total - refused,
    goal,
    bounds,
    estimate,
    ...(durationsSeconds && { durationsSeconds }),
    random,
  });
}
