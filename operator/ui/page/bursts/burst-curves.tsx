import { useState } from 'preact/hooks';
import type { BurstView } from '../../../views/desk.ts';
import { Chart } from '../parts/chart.tsx';
import { digits } from '../parts/format.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { get } from '../state/api.ts';
import { usePolled } from '../state/polled.ts';
import { onGrid } from './curves.ts';

const EVERY_MS = 3_000;

/** How many of a burst's tasks ran at once, against the plan; read only while somebody looks. */
export function BurstCurves({ burstId, isOpen }: { readonly burstId: string; readonly isOpen: boolean }) {
  const [isShown, setShown] = useState(isOpen);
  return (
    <details class="course" open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>Running, predicted and actual</summary>
      {isShown && <Curves burstId={burstId} />}
    </details>
  );
}

function Curves({ burstId }: { readonly burstId: string }) {
  const path = `/api/bursts/${encodeURIComponent(burstId)}`;
  const { data, error, reload } = usePolled<BurstView>(path, () => get(path), EVERY_MS);
  if (data === undefined)
    return error ? <Failed error={error} again={reload} /> : <Loading what="curves" lines={3} />;
  const { predicted = [], actual = [] } = data.curves ?? {};
  const grid = onGrid(predicted, actual);
  return (
    <>
      <Chart
        label={`Running at once: at most ${data.peakConcurrency}, predicted ${data.predicted.peakConcurrency}`}
        at={grid.atSeconds}
        isTime={false}
        lines={[
          { label: 'actual', values: grid.actual, colour: '--accent', isFilled: true },
          { label: 'predicted', values: grid.predicted, colour: '--muted', isDashed: true },
        ]}
        format={digits}
        height={110}
      />
      <p class="keys">
        <span class="key key--accent">actual, of tasks that are over</span>
        <span class="key key--muted key-dashed">predicted</span>
      </p>
    </>
  );
}
