import { useState } from 'preact/hooks';
import type { ReleaseRecord, Tasks } from '../../../../core/release/record.ts';
import { Dialog } from '../parts/dialog.tsx';
import { count, dateAndClock, digits, plural, seconds, version } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { call, get } from '../state/api.ts';
import { tell } from '../state/notices.ts';
import { usePolled } from '../state/polled.ts';
import { pipelineHref } from '../state/route.ts';
import { type Deed, deedsOf, isUnderWay, movedShare, wavesOf } from './steps.ts';

const EVERY_MS = 3_000;

/** Releases of consumer code, and how they reach every pipeline. */
export function Rollouts() {
  const { data, error, reload } = usePolled<readonly ReleaseRecord[]>(
    'rollouts',
    () => get('/api/rollouts'),
    EVERY_MS,
  );
  return (
    <>
      <h1>Rollouts</h1>
      {error && <Failed error={error} again={reload} />}
      {data === undefined && !error && <Loading what="rollouts" />}
      {data?.length === 0 && (
        <Empty title="No release yet">
          <p>
            Upload consumer code with <code>npx sluice code push DIR</code>: its way to every pipeline is
            shown here.
          </p>
        </Empty>
      )}
      {data?.map((release) => (
        <Release key={`${release.codeKey} ${release.version}`} release={release} changed={reload} />
      ))}
    </>
  );
}

function Release({ release, changed }: { readonly release: ReleaseRecord; changed(): void }) {
  const { codeKey, state, reason, counts, evidence, warnings, failedPipelines, health } = release;
  const isOpen = isUnderWay(release);
  return (
    <article
      class={`release ${isOpen ? 'release-open' : ''}`}
      aria-label={`${codeKey} ${version(release.version)}`}
    >
      <header>
        <h2>
          {codeKey} <code>{version(release.version)}</code>
        </h2>
        <span class={`phase ${state === 'RolledBack' || state === 'Rejected' ? 'phase-bad' : ''}`}>
          {release.paused ? 'Paused' : state}
        </span>
        <span class="muted">{timesText(release)}</span>
        <ReleaseDeeds release={release} changed={changed} />
      </header>
      {reason && <p class={state === 'RolledBack' || state === 'Rejected' ? 'bad' : ''}>{reason}</p>}
      {release.waves.length > 0 && (
        <ol class="waves">
          {wavesOf(release).map(({ name, pipelines, standing }) => (
            <li
              key={name}
              class={`wave wave-${standing}`}
              {...(standing === 'open' && { 'aria-current': 'step' as const })}
            >
              <strong>{name}</strong>
              <span>{plural(pipelines, 'pipeline')}</span>
            </li>
          ))}
        </ol>
      )}
      {isOpen && (
        <div
          class="progress"
          role="progressbar"
          aria-label="Pipelines that run it"
          aria-valuenow={Math.round(movedShare(release) * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div class="part part-done" style={{ width: `${movedShare(release) * 100}%` }} />
        </div>
      )}
      <p class="burst-figures">
        <span>
          <strong>{count(counts.moved)}</strong> moved
        </span>
        {counts.moving + counts.due > 0 && <span>{count(counts.moving + counts.due)} moving</span>}
        {counts.waiting > 0 && <span>{count(counts.waiting)} later</span>}
        {counts.pinned > 0 && <span>{count(counts.pinned)} pinned</span>}
        {counts.blocked > 0 && <span>{count(counts.blocked)} blocked by a bad record</span>}
        {counts.failing + counts.failed > 0 && (
          <span class="bad">{count(counts.failing + counts.failed)} failed</span>
        )}
      </p>
      {health && health.before.calls + health.after.calls > 0 && (
        <Health before={health.before} after={health.after} />
      )}
      {evidence.length > 0 && (
        <ul class="evidence">
          {evidence.map(({ pipelineId, message }) => (
            <li key={`${pipelineId} ${message}`}>
              {pipelineId && <a href={pipelineHref(pipelineId)}>{pipelineId}</a>} {message}
            </li>
          ))}
        </ul>
      )}
      {warnings.map((warning) => (
        <p key={warning} class="warn">
          {warning}
        </p>
      ))}
      {failedPipelines.length > 0 && (
        <ul class="evidence">
          {failedPipelines.map(({ pipelineId, message }) => (
            <li key={pipelineId}>
              <a href={pipelineHref(pipelineId)}>{pipelineId}</a> {message}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function timesText({ startedAt, endedAt, expectedEnd }: ReleaseRecord): string {
  const began = `began ${dateAndClock(Date.parse(startedAt))}`;
  if (endedAt !== undefined) return `${began}, ended ${dateAndClock(Date.parse(endedAt))}`;
  return expectedEnd === undefined
    ? began
    : `${began}, expected to end ${dateAndClock(Date.parse(expectedEnd))}`;
}

/** The release before beside this one. */
function Health({ before, after }: { readonly before: Tasks; readonly after: Tasks }) {
  const rows: readonly (readonly [string, (tasks: Tasks) => string])[] = [
    ['Tasks', (tasks) => count(tasks.tasks)],
    ['Failures', (tasks) => share(tasks.failures, tasks.tasks)],
    ['Errors', (tasks) => share(tasks.errors, tasks.calls)],
    ['Throttles', (tasks) => share(tasks.throttled, tasks.calls)],
    ['Mean call', (tasks) => (tasks.calls === 0 ? '–' : seconds(tasks.durationMs / tasks.calls / 1000))],
    ['Dead letters', (tasks) => count(tasks.deadLetters)],
  ];
  return (
    <table class="health">
      <caption class="unseen">Health: the release before, and this one</caption>
      <thead>
        <tr>
          <th scope="col">Health</th>
          <th scope="col" class="number">
            before
          </th>
          <th scope="col" class="number">
            this one
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{text(before)}</td>
            <td class="number">{text(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function share(part: number, of: number): string {
  return of === 0 ? '–' : `${digits((part / of) * 100)} %`;
}

const DEEDS: Readonly<
  Record<Deed, { readonly name: string; readonly says: string; readonly isDanger?: boolean }>
> = {
  pause: { name: 'Pause', says: 'No further wave opens until it is resumed.' },
  resume: { name: 'Resume', says: 'Its next waves open as they are due.' },
  retry: { name: 'Try again', says: 'Its rollout begins again.' },
  abort: { name: 'Abort', says: 'It goes no further. Pipelines that run it keep it.', isDanger: true },
  rollback: { name: 'Roll back', says: 'Every pipeline goes back to the release before.', isDanger: true },
};

function ReleaseDeeds({ release, changed }: { readonly release: ReleaseRecord; changed(): void }) {
  const [asked, setAsked] = useState<Deed>();
  const { codeKey, version: full } = release;
  const act = async () => {
    await call('POST', '/api/rollouts', {
      action: asked,
      codeKey,
      version: full,
      reason: 'by hand, on the page',
    });
    tell('good', `${codeKey} ${version(full)}: ${asked}`);
    changed();
  };
  return (
    <span class="deeds">
      {deedsOf(release).map((deed) => (
        <button
          key={deed}
          type="button"
          class={DEEDS[deed].isDanger ? 'danger' : ''}
          onClick={() => setAsked(deed)}
        >
          {DEEDS[deed].name}
        </button>
      ))}
      {asked && (
        <Dialog
          title={`${DEEDS[asked].name}: ${codeKey} ${version(full)}?`}
          deed={DEEDS[asked].name}
          isDestructive={DEEDS[asked].isDanger === true}
          act={act}
          close={() => setAsked(undefined)}
        >
          <p>{DEEDS[asked].says}</p>
        </Dialog>
      )}
    </span>
  );
}
