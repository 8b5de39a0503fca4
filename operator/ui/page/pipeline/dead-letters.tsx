import { useState } from 'preact/hooks';
import type { DeadLetterView } from '../../../views/pipelines.ts';
import { Dialog } from '../parts/dialog.tsx';
import { count, dateAndClock, plural } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { call, get, pipelinePath } from '../state/api.ts';
import { tell } from '../state/notices.ts';
import { usePolled } from '../state/polled.ts';

/** Looking receives letters for a moment: not too often. */
const EVERY_MS = 30_000;

type Asked = { readonly kind: 'redrive'; readonly reason?: string } | { readonly kind: 'purge' };

export function DeadLetters({ pipelineId, changed }: { readonly pipelineId: string; changed(): void }) {
  const path = pipelinePath(pipelineId, '/dead-letters');
  const { data, error, reload } = usePolled<DeadLetterView>(path, () => get(path), EVERY_MS);
  const [asked, setAsked] = useState<Asked>();
  if (data === undefined) {
    return error ? <Failed error={error} again={reload} /> : <Loading what="dead letters" />;
  }
  if (data.total === 0 && data.sampled === 0) {
    return (
      <Empty title="No dead letters">
        <p>Tasks that fail in all their attempts wait here, with the reason, until you send them again.</p>
      </Empty>
    );
  }
  const done = () => {
    reload();
    changed();
  };
  return (
    <div class="letters">
      <div class="section-head">
        <h2>Why</h2>
        <p class="muted">
          {plural(data.total, 'dead letter')}, {count(data.sampled)} looked at
        </p>
        <button type="button" class="primary" onClick={() => setAsked({ kind: 'redrive' })}>
          Redrive all
        </button>
        <button type="button" class="danger" onClick={() => setAsked({ kind: 'purge' })}>
          Purge
        </button>
      </div>
      <ul class="reasons">
        {data.reasons.map(({ reason, letters }) => (
          <li key={reason}>
            <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-ground" width="100" height="6" />
              <rect class="bar-bad" width={(letters / Math.max(1, data.sampled)) * 100} height="6" />
            </svg>
            <span class="reason">{reason}</span>
            <span class="number">{count(letters)}</span>
            <button
              type="button"
              onClick={() => setAsked({ kind: 'redrive', reason })}
              aria-label={`Redrive those with ${reason}`}
            >
              Redrive
            </button>
          </li>
        ))}
      </ul>
      <h2>Samples</h2>
      {data.samples.map((letter) => (
        <details key={letter.messageId} class="letter">
          <summary>
            <code>{letter.messageId.slice(0, 8)}</code>
            <span>{letter.error ? `${letter.error.name}: ${letter.error.message}` : letter.reason}</span>
            <span class="muted">
              {plural(letter.attempts, 'attempt')}, sent {dateAndClock(letter.firstSentAtMs)}
            </span>
          </summary>
          <pre>{letter.body}</pre>
        </details>
      ))}
      {asked?.kind === 'redrive' && (
        <RedriveDialog
          pipelineId={pipelineId}
          total={data.total}
          reason={asked.reason}
          done={done}
          close={() => setAsked(undefined)}
        />
      )}
      {asked?.kind === 'purge' && (
        <Dialog
          title={`Purge the dead letters of ${pipelineId}?`}
          deed="Delete them"
          isDestructive
          typed={pipelineId}
          act={async () => {
            await call('POST', pipelinePath(pipelineId, '/purge'), { queue: 'deadLetters' });
            tell('good', `The dead letters of ${pipelineId} are being deleted`);
            done();
          }}
          close={() => setAsked(undefined)}
        >
          <p>{plural(data.total, 'dead letter')} are deleted, and saved nowhere. SQS takes up to a minute.</p>
        </Dialog>
      )}
    </div>
  );
}

interface RedriveProps {
  readonly pipelineId: string;
  readonly total: number;
  readonly reason: string | undefined;
  done(): void;
  close(): void;
}

function RedriveDialog({ pipelineId, total, reason, done, close }: RedriveProps) {
  const [first, setFirst] = useState('');
  const act = async () => {
    const most = Number(first);
    const wish = { ...(reason !== undefined && { reason }), ...(first !== '' && { first: most }) };
    await call('POST', pipelinePath(pipelineId, '/redrive'), wish);
    tell('good', `Dead letters of ${pipelineId} are being sent again`);
    done();
  };
  return (
    <Dialog title={`Redrive dead letters of ${pipelineId}?`} deed="Redrive" act={act} close={close}>
      <p>
        {reason === undefined ? (
          `${plural(total, 'dead letter')} are sent to its queue again.`
        ) : (
          <>
            Dead letters with <code>{reason}</code> are sent to its queue again.
          </>
        )}{' '}
        They start as its limits allow, and come back here if they still fail.
      </p>
      <label class="dialog-typed">
        <span>Only the first (leave empty for all)</span>
        <input
          inputMode="numeric"
          pattern="[0-9]*"
          value={first}
          onInput={(event) => setFirst(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}
