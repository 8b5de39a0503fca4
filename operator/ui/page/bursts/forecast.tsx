import { stoppedWords } from '../../../../core/burst/stopped.ts';
import { Chart } from '../parts/chart.tsx';
import { count, digits, duration, seconds } from '../parts/format.ts';
import { Figure } from '../parts/shown.tsx';
import { boundText, finishText, type Trial, type Tried } from './try-out.ts';

interface StoppedProps {
  readonly outlook: Trial['outlook'];
  readonly isPaused: boolean;
}

interface ForecastProps {
  readonly tried: Tried;
  /** What the pipeline allows. */
  readonly concurrency: number;
}

/** What keeps its tasks from starting: the prediction counts from when that is over. */
export function StoppedNote({ outlook, isPaused }: StoppedProps) {
  const stopped = stoppedWords({ ...outlook, isPaused });
  if (stopped === undefined) return null;
  return (
    <p class="warn">
      {stopped}.
      {!isPaused && outlook.stopped?.remedy && <> What would change it: {outlook.stopped.remedy.action}.</>}
    </p>
  );
}

/** What will come of a burst. */
export function Forecast({ tried: { plan, curve }, concurrency }: ForecastProps) {
  const { predicted, boundBy } = plan;
  return (
    <>
      <Chart
        label={`Predicted: at most ${predicted.peakConcurrency} at once, over after ${duration(predicted.finishSeconds)}`}
        at={curve.map(({ atSeconds }) => atSeconds)}
        isTime={false}
        lines={[
          {
            label: 'running',
            values: curve.map(({ running }) => running),
            colour: '--accent',
            isFilled: true,
          },
          {
            label: 'peak',
            values: curve.map(() => predicted.peakConcurrency),
            colour: '--muted',
            isDashed: true,
          },
        ]}
        format={digits}
        height={150}
      />
      <dl class="totals totals-small">
        <Figure name="Peak">
          {count(predicted.peakConcurrency)}
          <span class="of"> / {count(concurrency)}</span>
        </Figure>
        <Figure name="Over after">{finishText(predicted)}</Figure>
        <Figure name="Mean wait">{seconds(predicted.waitSeconds)}</Figure>
        <Figure name="Bound by">{boundText(boundBy)}</Figure>
      </dl>
    </>
  );
}
