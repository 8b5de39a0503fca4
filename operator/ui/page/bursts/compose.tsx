import { useMemo, useState } from 'preact/hooks';
import type { BurstResult } from '../../../../core/burst/result.ts';
import { shorten } from '../../../../core/problems.ts';
import { Chips } from '../parts/chips.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { count, duration, perSecond, plural, seconds } from '../parts/format.ts';
import { call } from '../state/api.ts';
import { rows } from '../state/live.ts';
import { tell } from '../state/notices.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { Forecast, StoppedNote } from './forecast.tsx';
import { type Given, NOTHING_GIVEN } from './own-tasks.ts';
import { GoalChoice, Slider } from './sliders.tsx';
import { TaskLines } from './task-lines.tsx';
import { FIRST_SLIDERS, goalOf, NO_OUTLOOK, tryOut } from './try-out.ts';
import { useOutlook } from './use-outlook.ts';
import { useReading } from './use-reading.ts';

const MOST_TASKS = 1_000_000;
const KINDS = [
  { value: 'numbered', name: 'Numbered tasks', says: 'documents by their numbers' },
  { value: 'own', name: 'Tasks of my own', says: 'JSON Lines' },
] as const;

interface ComposeProps {
  readonly pipelineId: string | undefined;
  sent(): void;
}

/** A burst tried out before it is sent: the curve is that of the planner which will plan it. */
export function Compose({ pipelineId: given, sent }: ComposeProps) {
  const all = useSignalValue(rows);
  const [chosen, setChosen] = useState(given ?? '');
  const [numbered, setNumbered] = useState(200);
  const [kind, setKind] = useState<'numbered' | 'own'>('numbered');
  const isOwn = kind === 'own';
  const [lines, setLines] = useState<Given>(NOTHING_GIVEN);
  const [sliders, setSliders] = useState(FIRST_SLIDERS);
  const [taskSeconds, setTaskSeconds] = useState(1);
  const [isAsking, setAsking] = useState(false);
  const { outlook = NO_OUTLOOK, fault } = useOutlook(chosen, setTaskSeconds);
  const { own, isReading } = useReading(lines);
  const row = all.get(chosen);
  const { concurrency, backlog } = outlook.bounds;
  const goal = goalOf(sliders);
  const ownTasks = isOwn && own.kind === 'tasks' ? own : undefined;
  const tasks = isOwn ? (ownTasks?.tasks.length ?? 0) : numbered;
  const tried = useMemo(() => {
    const said = ownTasks && { said: ownTasks.said };
    return tryOut({ count: Math.max(1, tasks), goal, taskSeconds, outlook, ...said });
  }, [tasks, JSON.stringify(goal), taskSeconds, JSON.stringify(outlook), ownTasks]);
  const { impossible } = tried;
  const { predicted } = tried.plan;
  const isKnown = all.has(chosen);
  const send = async () => {
    const what = ownTasks ? { tasks: ownTasks.tasks } : { count: numbered };
    const burst = { pipelineId: chosen, ...what, ...(goal && { spread: goal }) };
    const { accepted, notAccepted, burstId, note } = await call<BurstResult>('POST', '/api/bursts', burst);
    const left = notAccepted > 0 ? `, ${count(notAccepted)} not` : '';
    tell(
      left === '' ? 'good' : 'bad',
      `${burstId}: ${plural(accepted, 'task')} accepted${left}${note ? `; ${note}` : ''}`,
    );
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
          name="A task takes"
          value={taskSeconds}
          least={0.1}
          most={900}
          text={seconds(taskSeconds)}
          change={setTaskSeconds}
        />
      </div>
      <Chips legend="Tasks" options={KINDS} chosen={kind} choose={setKind} />
      {isOwn ? (
        <TaskLines given={lines} read={own} pipelineId={chosen} change={setLines} />
      ) : (
        <div class="compose-fields">
          <Slider
            name="Tasks"
            value={numbered}
            least={1}
            most={MOST_TASKS}
            text={count(numbered)}
            change={(value) => setNumbered(Math.round(value))}
          />
        </div>
      )}
      <GoalChoice sliders={sliders} change={setSliders} />
      <Forecast tried={tried} concurrency={concurrency} />
      {fault !== undefined && <p class="problem">{fault}</p>}
      {isKnown && <StoppedNote outlook={outlook} isPaused={row?.isPaused === true} />}
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
          disabled={
            !isKnown || tasks === 0 || (isOwn && isReading) || impossible !== undefined || fault !== undefined
          }
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
            {ownTasks ? (
              <>The first of them:</>
            ) : (
              <>
                The tasks are <code>{'{"document": 1}'}</code> to <code>{`{"document": ${tasks}}`}</code>.
              </>
            )}
          </p>
          {ownTasks && <pre>{firstOf(ownTasks.tasks)}</pre>}
          <p>
            Predicted: at most {count(predicted.peakConcurrency)} at once, over after{' '}
            {duration(predicted.finishSeconds)}.
          </p>
        </Dialog>
      )}
    </section>
  );
}

const FIRST_TASKS = 3;
const FIRST_CHARACTERS = 200;

function firstOf(tasks: readonly unknown[]): string {
  return tasks
    .slice(0, FIRST_TASKS)
    .map((task) => shorten(JSON.stringify(task), FIRST_CHARACTERS))
    .join('\n');
}
