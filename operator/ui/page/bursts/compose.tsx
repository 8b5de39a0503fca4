import { useEffect, useMemo, useState } from 'preact/hooks';
import type { BurstOutlook } from '../../../../core/burst/foresee.ts';
import type { BurstResult } from '../../../../core/burst/result.ts';
import { Chart } from '../parts/chart.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { count, digits, duration, perSecond, plural, seconds } from '../parts/format.ts';
import { Figure } from '../parts/shown.tsx';
import { call, get, pipelinePath } from '../state/api.ts';
import { rows } from '../state/live.ts';
import { tell } from '../state/notices.ts';
import { useSignalValue } from '../state/signal-value.ts';
import {
  boundText,
  finishText,
  fromSlider,
  goalOf,
  NO_OUTLOOK,
  SLIDER_STEPS,
  type Sliders,
  type Trial,
  toSlider,
  tryOut,
  type Way,
} from './try-out.ts';

const MOST_TASKS = 1_000_000;
const DAY_SECONDS = 86_400;
const FIRST: Sliders = {
  way: 'window',
  minSeconds: 0,
  maxSeconds: 120,
  maxConcurrency: 5,
  finishWithinSeconds: 300,
};

const WAYS: readonly { readonly way: Way; readonly name: string; readonly says: string }[] = [
  { way: 'window', name: 'Window', says: 'evenly between two delays' },
  { way: 'peak', name: 'Peak', says: 'no more than so many at once, as soon as that allows' },
  { way: 'finish', name: 'Finish', says: 'over by then, with the lowest peak' },
  { way: 'none', name: 'At once', says: 'the pipeline’s own limits flatten it' },
];

interface ComposeProps {
  readonly pipelineId: string | undefined;
  sent(): void;
}

/** A burst tried out before it is sent: the curve is that of the planner which will plan it. */
export function Compose({ pipelineId: given, sent }: ComposeProps) {
  const all = useSignalValue(rows);
  const [chosen, setChosen] = useState(given ?? '');
  const [tasks, setTasks] = useState(200);
  const [sliders, setSliders] = useState(FIRST);
  const [taskSeconds, setTaskSeconds] = useState(1);
  const [isAsking, setAsking] = useState(false);
  const { outlook = NO_OUTLOOK, fault } = useOutlook(chosen, setTaskSeconds);
  const row = all.get(chosen);
  const { concurrency, backlog } = outlook.bounds;
  const trial: Trial = { count: tasks, goal: goalOf(sliders), taskSeconds, outlook };
  const key = JSON.stringify(trial);
  const { plan, curve, impossible } = useMemo(() => tryOut(trial), [key]);
  const { predicted, boundBy } = plan;
  const isKnown = all.has(chosen);
  const send = async () => {
    const burst = { pipelineId: chosen, count: tasks, ...(trial.goal && { spread: trial.goal }) };
    const { accepted, burstId, note } = await call<BurstResult>('POST', '/api/bursts', burst);
    tell('good', `${burstId}: ${plural(accepted, 'task')} accepted${note ? `; ${note}` : ''}`);
    sent();
  };
  return (
    <section class="compose" aria-label="Try out a burst">
      <h2>Try out a spread</h2>
      <div class="compose-fields">
        <label>
          <span>Pipeline</span>
          <input
            list="pipelines"
            spellcheck={false}
            placeholder="choose one to send"
            value={chosen}
            onInput={(event) => setChosen(event.currentTarget.value)}
          />
          <datalist id="pipelines">
            {[...all.keys()].slice(0, 500).map((id) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </label>
        <Slider
          name="Tasks"
          value={tasks}
          least={1}
          most={MOST_TASKS}
          text={count(tasks)}
          change={(value) => setTasks(Math.round(value))}
        />
        <Slider
          name="A task takes"
          value={taskSeconds}
          least={0.1}
          most={900}
          text={seconds(taskSeconds)}
          change={setTaskSeconds}
        />
      </div>
      <fieldset class="chips">
        <legend class="unseen">Spread</legend>
        {WAYS.map(({ way, name }) => (
          <button
            key={way}
            type="button"
            class="chip"
            aria-pressed={sliders.way === way}
            onClick={() => setSliders({ ...sliders, way })}
          >
            {name}
          </button>
        ))}
        <span class="muted">{WAYS.find(({ way }) => way === sliders.way)?.says}</span>
      </fieldset>
      <GoalSliders sliders={sliders} change={setSliders} />
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
      {fault !== undefined && <p class="problem">{fault}</p>}
      {isKnown && row?.isPaused && (
        <p class="warn">
          {chosen} is paused: its queue takes the tasks, and none starts until it is resumed.
        </p>
      )}
      {impossible && (
        <p class="problem" role="status">
          {impossible}
        </p>
      )}
      <div class="compose-foot">
        <p class="muted">
          {isKnown
            ? `${chosen}: ${count(concurrency)} at once${row?.perSecond === undefined ? '' : `, ${perSecond(row.perSecond)}`}${backlog > 0 ? `, ${plural(backlog, 'task')} before it` : ''}`
            : chosen === ''
              ? 'Choose a pipeline to send it to'
              : `There is no pipeline ${chosen}`}
        </p>
        <button
          type="button"
          class="primary"
          disabled={!isKnown || impossible !== undefined || fault !== undefined}
          onClick={() => setAsking(true)}
        >
          Send {plural(tasks, 'task')}
        </button>
      </div>
      {isAsking && (
        <Dialog
          title={`Send ${plural(tasks, 'task')} to ${chosen}?`}
          deed="Send"
          act={send}
          close={() => setAsking(false)}
        >
          <p>
            The tasks are <code>{'{"document": 1}'}</code> to <code>{`{"document": ${tasks}}`}</code>.
            Predicted: at most {count(predicted.peakConcurrency)} at once, over after{' '}
            {duration(predicted.finishSeconds)}.
          </p>
          <p class="muted">
            Tasks of your own: <code>npx sluice send {chosen} --file tasks.jsonl</code>
          </p>
        </Dialog>
      )}
    </section>
  );
}

interface Known {
  readonly of: string;
  readonly outlook?: BurstOutlook;
  /** Why it takes no burst now. */
  readonly fault?: string;
}

/** What bounds the bursts of a pipeline, once its name is complete. */
function useOutlook(pipelineId: string, measured: (taskSeconds: number) => void): Omit<Known, 'of'> {
  const [known, setKnown] = useState<Known>();
  const isThere = useSignalValue(rows).has(pipelineId);
  useEffect(() => {
    if (!isThere) return;
    get<BurstOutlook>(pipelinePath(pipelineId, '/outlook'))
      .then((outlook) => {
        setKnown({ of: pipelineId, outlook });
        if (outlook.measured) measured(outlook.measured.meanSeconds);
      })
      .catch((error: Error) => setKnown({ of: pipelineId, fault: error.message }));
  }, [pipelineId, isThere]);
  return known?.of === pipelineId ? known : {};
}

function GoalSliders({ sliders, change }: { readonly sliders: Sliders; change(sliders: Sliders): void }) {
  const set = (values: Partial<Sliders>) => change({ ...sliders, ...values });
  switch (sliders.way) {
    case 'window':
      return (
        <div class="compose-fields">
          <Slider
            name="First after"
            value={sliders.minSeconds + 1}
            least={1}
            most={DAY_SECONDS}
            text={duration(sliders.minSeconds)}
            change={(value) =>
              set({
                minSeconds: Math.round(value) - 1,
                maxSeconds: Math.max(sliders.maxSeconds, Math.round(value) - 1),
              })
            }
          />
          <Slider
            name="Last after"
            value={sliders.maxSeconds}
            least={1}
            most={DAY_SECONDS}
            text={duration(sliders.maxSeconds)}
            change={(value) =>
              set({
                maxSeconds: Math.round(value),
                minSeconds: Math.min(sliders.minSeconds, Math.round(value)),
              })
            }
          />
        </div>
      );
    case 'peak':
      return (
        <div class="compose-fields">
          <Slider
            name="At once, at most"
            value={sliders.maxConcurrency}
            least={1}
            most={1000}
            text={count(sliders.maxConcurrency)}
            change={(value) => set({ maxConcurrency: Math.round(value) })}
          />
        </div>
      );
    case 'finish':
      return (
        <div class="compose-fields">
          <Slider
            name="Over within"
            value={sliders.finishWithinSeconds}
            least={1}
            most={DAY_SECONDS}
            text={duration(sliders.finishWithinSeconds)}
            change={(value) => set({ finishWithinSeconds: Math.round(value) })}
          />
        </div>
      );
    case 'none':
      return null;
  }
}

interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly text: string;
  change(value: number): void;
}

function Slider({ name, value, least, most, text, change }: SliderProps) {
  return (
    <label class="slider">
      <span>
        {name} <strong>{text}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={SLIDER_STEPS}
        value={toSlider(value, least, most)}
        aria-valuetext={text}
        onInput={(event) => change(fromSlider(Number(event.currentTarget.value), least, most))}
      />
    </label>
  );
}
