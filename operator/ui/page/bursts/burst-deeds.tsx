import { useState } from 'preact/hooks';
import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { Dialog } from '../parts/dialog.tsx';
import { plural } from '../parts/format.ts';
import { call } from '../state/api.ts';
import { tell } from '../state/notices.ts';
import { Replan } from './replan.tsx';

/** What can be done to a burst that is not all sent. */
export function BurstDeeds({ burst }: { readonly burst: BurstProgress }) {
  const { burstId, state, totals, isCancelled, isCallers, estimate } = burst;
  const [asked, setAsked] = useState<'cancel' | 'replan'>();
  const close = () => setAsked(undefined);
  const left = totals.total - totals.sent - totals.refused;
  if (state === 'Ended' || state === 'Sent' || isCancelled || left <= 0) return null;
  const steer = (deed: Readonly<Record<string, unknown>>) =>
    call<{ readonly message: string }>('POST', `/api/bursts/${encodeURIComponent(burstId)}`, deed);
  const does = async (deed: 'pause' | 'resume', done: string) => {
    try {
      await steer({ [deed]: true });
      tell('good', done);
    } catch (error) {
      tell('bad', (error as Error).message);
    }
  };
  return (
    <span class="deeds">
      {isCallers ? null : state === 'Paused' ? (
        <button type="button" onClick={() => does('resume', `${burstId} goes on`)}>
          Resume
        </button>
      ) : (
        <button type="button" onClick={() => does('pause', `${burstId} sends nothing more for now`)}>
          Pause
        </button>
      )}
      {!isCallers && estimate && (
        <button type="button" onClick={() => setAsked('replan')}>
          Replan
        </button>
      )}
      <button type="button" class="danger" onClick={() => setAsked('cancel')}>
        Cancel
      </button>
      {asked === 'replan' && estimate && (
        <Replan burst={burst} estimate={estimate} left={left} steer={steer} close={close} />
      )}
      {asked === 'cancel' && (
        <Dialog
          title={`Cancel ${burstId}?`}
          deed="Send nothing more"
          isDestructive
          act={async () => {
            await steer({ cancel: true });
            tell('good', `${burstId} is cancelled`);
          }}
          close={close}
        >
          <p>
            {plural(left, 'task')} that {left === 1 ? 'is' : 'are'} not sent yet will never be. What SQS has
            already taken is still done.
          </p>
        </Dialog>
      )}
    </span>
  );
}
