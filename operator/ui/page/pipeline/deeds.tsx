import { useState } from 'preact/hooks';
import type { PipelineRow } from '../../../views/pipelines.ts';
import type { PipelineAnswer } from '../../wire.ts';
import { Dialog } from '../parts/dialog.tsx';
import { plural } from '../parts/format.ts';
import { call, pipelinePath } from '../state/api.ts';
import { tell } from '../state/notices.ts';
import { burstsHref } from '../state/route.ts';
import { endingSteps } from './endings.ts';

interface DeedsProps {
  readonly row: PipelineRow;
  readonly view: PipelineAnswer | undefined;
  readonly depth: number | undefined;
  changed(): void;
}

type Asked = 'delete' | 'purge' | 'open' | undefined;

/** What can be done to a pipeline as a whole. What destroys or stops something asks first. */
export function Deeds({ row, view, depth, changed }: DeedsProps) {
  const { pipelineId, isPaused } = row;
  const [asked, setAsked] = useState<Asked>();
  const [isBusy, setBusy] = useState(false);
  const force = (view?.record?.breaker as { force?: string } | undefined)?.force;
  const hasBreaker = view?.record?.breaker !== undefined;
  const does = async (below: string, body: unknown, done: string) => {
    setBusy(true);
    try {
      await call('POST', pipelinePath(pipelineId, below), body);
      tell('good', done);
      changed();
    } catch (error) {
      tell('bad', (error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const setPaused = () =>
    does(
      '/paused',
      { isPaused: !isPaused },
      `${pipelineId} ${isPaused ? 'goes on' : 'pauses: its queue keeps taking tasks'}`,
    );
  return (
    <div class="deeds">
      <a class="button" href={burstsHref(pipelineId)}>
        Send a burst
      </a>
      <button type="button" disabled={isBusy} onClick={setPaused}>
        {isPaused ? 'Resume' : 'Pause'}
      </button>
      {hasBreaker && (
        <label class="deed-select">
          <span>Breaker</span>
          <select
            value={force ?? 'auto'}
            disabled={isBusy}
            onChange={(event) => {
              const to = event.currentTarget.value;
              if (to === 'open') setAsked('open');
              else void does('/breaker', { to }, `The breaker of ${pipelineId}: ${to}`);
            }}
          >
            <option value="auto">auto</option>
            <option value="open">forced open</option>
            <option value="closed">forced closed</option>
          </select>
        </label>
      )}
      <button type="button" onClick={() => setAsked('purge')}>
        Purge
      </button>
      <button type="button" class="danger" onClick={() => setAsked('delete')}>
        Delete
      </button>
      {asked === 'delete' && (
        <Dialog
          title={`Delete ${pipelineId}?`}
          deed="Delete the pipeline"
          isDestructive
          typed={pipelineId}
          act={async () => {
            await call('DELETE', pipelinePath(pipelineId));
            tell('good', `${pipelineId} drains`);
            changed();
          }}
          close={() => setAsked(undefined)}
        >
          <ol>
            {endingSteps(view?.ending).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Dialog>
      )}
      {asked === 'purge' && (
        <Dialog
          title={`Purge the queue of ${pipelineId}?`}
          deed="Purge"
          isDestructive
          typed={pipelineId}
          act={async () => {
            await call('POST', pipelinePath(pipelineId, '/purge'), { queue: 'tasks' });
            tell('good', `The queue of ${pipelineId} is being emptied`);
            changed();
          }}
          close={() => setAsked(undefined)}
        >
          <p>
            {depth === undefined ? 'All tasks' : plural(depth, 'task')} of its queue are deleted: they do not
            run, and are saved nowhere. SQS takes up to a minute.
          </p>
        </Dialog>
      )}
      {asked === 'open' && (
        <Dialog
          title={`Force the breaker of ${pipelineId} open?`}
          deed="Force it open"
          isDestructive
          act={() => does('/breaker', { to: 'open' }, `The breaker of ${pipelineId} is forced open`)}
          close={() => setAsked(undefined)}
        >
          <p>
            No task of it starts until the breaker is set to auto or closed again. Its queue keeps taking
            tasks.
          </p>
        </Dialog>
      )}
    </div>
  );
}
