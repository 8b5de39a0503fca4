import { useMemo, useState } from 'preact/hooks';
import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { Dialog } from '../parts/dialog.tsx';
import { count, duration, plural } from '../parts/format.ts';
import { tell } from '../state/notices.ts';
import { Forecast } from './forecast.tsx';
import { GoalChoice } from './sliders.tsx';
import { FIRST_SLIDERS, goalOf, NO_OUTLOOK, tryRest } from './try-out.ts';
import { useOutlook } from './use-outlook.ts';

interface ReplanProps {
  readonly burst: BurstProgress;
  /** Tasks that are not sent yet. */
  readonly left: number;
  steer(deed: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** Another plan for what is left of a burst, tried out before it is asked for. */
export function Replan({ burst, left, steer, close }: ReplanProps) {
  const { burstId, pipelineId, state } = burst;
  const [sliders, setSliders] = useState(FIRST_SLIDERS);
  const [measured, setMeasured] = useState(1);
  const { outlook = NO_OUTLOOK, fault } = useOutlook(pipelineId, setMeasured);
  const goal = goalOf(sliders);
  const taskSeconds = burst.taskSeconds ?? measured;
  const tried = useMemo(
    () => tryRest({ count: left, goal, taskSeconds, outlook }),
    [left, JSON.stringify(goal), taskSeconds, JSON.stringify(outlook)],
  );
  const { predicted } = tried.plan;
  const act = async () => {
    await steer({ replan: goal === undefined ? {} : { spread: goal } });
    const when = state === 'Paused' ? ' once it is resumed' : '';
    tell(
      'good',
      `${burstId}: what is left is planned anew${when}, at most ${count(predicted.peakConcurrency)} at once for about ${duration(predicted.finishSeconds)}`,
    );
  };
  return (
    <Dialog
      title={`Plan what is left of ${burstId} anew?`}
      deed="Plan anew"
      isPossible={tried.impossible === undefined && fault === undefined}
      act={act}
      close={close}
    >
      <p>
        {plural(left, 'task')} that {left === 1 ? 'is' : 'are'} not sent yet, as if handed over now. What SQS
        has already taken stays as it was planned.
      </p>
      <GoalChoice sliders={sliders} change={setSliders} />
      <Forecast tried={tried} concurrency={outlook.bounds.concurrency} />
      {fault !== undefined && <p class="problem">{fault}</p>}
      {tried.impossible && (
        <p class="problem" role="status">
          {tried.impossible}
        </p>
      )}
    </Dialog>
  );
}
