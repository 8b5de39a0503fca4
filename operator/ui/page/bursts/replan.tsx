import { useMemo, useState } from 'preact/hooks';
import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { Dialog } from '../parts/dialog.tsx';
import { plural, seconds } from '../parts/format.ts';
import { rows } from '../state/live.ts';
import { tell } from '../state/notices.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { Forecast, StoppedNote } from './forecast.tsx';
import { GoalChoice } from './sliders.tsx';
import { FIRST_SLIDERS, goalOf, tryRest } from './try-out.ts';
import { useOutlook } from './use-outlook.ts';

interface ReplanProps {
  readonly burst: BurstProgress;
  readonly estimate: NonNullable<BurstProgress['estimate']>;
  /** Tasks that are not sent yet. */
  readonly left: number;
  /** @returns what came of it, as the burst function says it */
  steer(deed: Readonly<Record<string, unknown>>): Promise<{ readonly message: string }>;
  close(): void;
}

/** Another plan for what is left of a burst, tried out before it is asked for. */
export function Replan({ burst, estimate, left, steer, close }: ReplanProps) {
  const { burstId, pipelineId, state } = burst;
  const [sliders, setSliders] = useState(FIRST_SLIDERS);
  const { outlook, fault } = useOutlook(pipelineId);
  const isPaused = useSignalValue(rows).get(pipelineId)?.isPaused === true;
  const goal = goalOf(sliders);
  const tried = useMemo(
    () => outlook && tryRest({ count: left, goal, estimate, outlook }),
    [left, JSON.stringify(goal), JSON.stringify(estimate), JSON.stringify(outlook)],
  );
  const act = async () => {
    const { message } = await steer({ replan: goal === undefined ? {} : { spread: goal } });
    tell('good', `${burstId}: ${message}`);
  };
  const when = state === 'Paused' ? 'when it is resumed' : 'now';
  return (
    <Dialog
      title={`Plan what is left of ${burstId} anew?`}
      deed="Plan anew"
      isPossible={tried !== undefined && tried.impossible === undefined}
      act={act}
      close={close}
    >
      <p>
        {plural(left, 'task')} that {left === 1 ? 'is' : 'are'} not sent yet, as if handed over {when}. What
        SQS has already taken stays as it was planned. A task is taken to take {seconds(estimate.meanSeconds)}
        , as when the burst began
        {burst.taskSeconds !== undefined && `; they took ${seconds(burst.taskSeconds)} so far`}.
      </p>
      <GoalChoice sliders={sliders} change={setSliders} />
      {tried && outlook && (
        <>
          <Forecast tried={tried} concurrency={outlook.bounds.concurrency} />
          <StoppedNote outlook={outlook} isPaused={isPaused} />
        </>
      )}
      {fault !== undefined && <p class="problem">{fault}</p>}
      {tried?.impossible && (
        <p class="problem" role="status">
          {tried.impossible}
        </p>
      )}
    </Dialog>
  );
}
