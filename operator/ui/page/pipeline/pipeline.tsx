import { useEffect, useState } from 'preact/hooks';
import type { PipelineRow } from '../../../views/pipelines.ts';
import type { PipelineAnswer } from '../../wire.ts';
import { depthOf } from '../overview/list.ts';
import { count } from '../parts/format.ts';
import { Mark } from '../parts/shown.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { ApiFault, get, pipelinePath } from '../state/api.ts';
import { rows, see } from '../state/live.ts';
import { usePolled } from '../state/polled.ts';
import { PIPELINE_TABS, type PipelineTab, pipelineHref } from '../state/route.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Deeds } from './deeds.tsx';
import { isTouched, type RecordDraft, type Stored } from './draft.ts';
import { History } from './history.tsx';
import { Now } from './now.tsx';
import { RecordForm } from './record-form.tsx';
import { rowOf } from './row.ts';
import { DropEdit } from './unsaved.tsx';
import { useDraft } from './use-draft.ts';

const EVERY_MS = 3_000;

const NAMES: Readonly<Record<PipelineTab, string>> = {
  now: 'Now',
  record: 'Record',
  'dead-letters': 'Dead letters',
  events: 'History',
};

export function Pipeline({ pipelineId, tab }: { readonly pipelineId: string; readonly tab: PipelineTab }) {
  const [isUnmasked, setUnmasked] = useState(false);
  const path = pipelinePath(pipelineId, isUnmasked ? '?values=shown' : '');
  const view = usePolled<PipelineAnswer>(path, () => get(path), EVERY_MS);
  const live = useSignalValue(rows).get(pipelineId);
  const [draft, setDraft] = useDraft(pipelineId, storedOf(view.data));
  const isEdited = draft !== undefined && isTouched(draft);
  useEffect(() => see([pipelineId]), [pipelineId]);
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key === 'Escape' && !isTyping && document.querySelector('dialog') === null)
        location.hash = '#/';
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, []);
  const row = rowOf(live, view.data?.row);
  const isUnknown = view.error instanceof ApiFault && view.error.status === 404;
  if (isUnknown && live === undefined) {
    return (
      <Empty isScreen title={`There is no pipeline ${pipelineId}`}>
        <p>
          <a href="#/">All pipelines</a> · <a href="#/new">Add a record</a>
        </p>
        <DropEdit pipelineId={pipelineId} />
      </Empty>
    );
  }
  if (row === undefined) {
    return view.error ? (
      <Failed error={view.error} again={view.reload} />
    ) : (
      <Loading what={pipelineId} lines={10} />
    );
  }
  return (
    <>
      <Head row={row} view={view.data} changed={view.reload} />
      <nav class="tabs" aria-label={`Of ${pipelineId}`}>
        {PIPELINE_TABS.map((one) => (
          <a
            key={one}
            href={pipelineHref(pipelineId, one)}
            {...(one === tab && { 'aria-current': 'page' as const })}
          >
            {NAMES[one]}
            {one === 'record' && isEdited && <span class="tab-mark"> edited</span>}
            {one === 'dead-letters' && row.look && row.look.deadLetters > 0 && (
              <span class="tab-count">{count(row.look.deadLetters)}</span>
            )}
          </a>
        ))}
      </nav>
      {view.error && <Failed error={view.error} again={view.reload} />}
      {tab === 'now' && <Now row={row} view={view.data} />}
      {tab === 'record' && (
        <RecordTab
          view={view.data}
          draft={draft}
          change={setDraft}
          isUnmasked={isUnmasked}
          unmask={setUnmasked}
          saved={view.reload}
        />
      )}
      {tab === 'dead-letters' && <DeadLetters pipelineId={pipelineId} changed={view.reload} />}
      {tab === 'events' && <History pipelineId={pipelineId} />}
    </>
  );
}

function storedOf(view: PipelineAnswer | undefined): Stored | undefined {
  return view?.record && { record: view.record, standing: view.standing };
}

interface HeadProps {
  readonly row: PipelineRow;
  readonly view: PipelineAnswer | undefined;
  changed(): void;
}

function Head({ row, view, changed }: HeadProps) {
  const depth = depthOf(row);
  return (
    <header class="pipeline-head">
      <p class="crumb">
        <a href="#/">Overview</a>
      </p>
      <div class="pipeline-title">
        <h1>{row.pipelineId}</h1>
        <span class="phase">{row.phase}</span>
        <Deeds row={row} view={view} depth={depth} changed={changed} />
      </div>
      <p class="verdict">
        <Mark row={row} />
        <span>{row.says}</span>
      </p>
      {row.remedy && (
        <p class="remedy">
          {row.remedy.field && row.verdict.kind !== 'deleted' ? (
            <a href={pipelineHref(row.pipelineId, 'record')}>
              <code>{row.remedy.field}</code>
            </a>
          ) : null}
          {row.remedy.field && ': '}
          {row.remedy.action}
        </p>
      )}
    </header>
  );
}

interface RecordTabProps {
  readonly view: PipelineAnswer | undefined;
  readonly draft: RecordDraft | undefined;
  readonly isUnmasked: boolean;
  change(draft: RecordDraft): void;
  unmask(isUnmasked: boolean): void;
  saved(): void;
}

function RecordTab({ view, draft, change, isUnmasked, unmask, saved }: RecordTabProps) {
  if (view === undefined) return <Loading what="the record" lines={10} />;
  const stored = storedOf(view);
  if (stored === undefined) {
    return (
      <Empty title="Its record is deleted">
        <p>Add it again to keep the pipeline.</p>
        <DropEdit pipelineId={view.row.pipelineId} />
      </Empty>
    );
  }
  return (
    <>
      {stored.record.environment !== undefined && (
        <label class="switch">
          <input
            type="checkbox"
            checked={isUnmasked}
            onChange={(event) => unmask(event.currentTarget.checked)}
          />
          Show the values of the environment
        </label>
      )}
      {draft && <RecordForm stored={stored} draft={draft} change={change} saved={saved} />}
    </>
  );
}
