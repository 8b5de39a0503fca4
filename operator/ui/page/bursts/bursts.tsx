import { useRef } from 'preact/hooks';
import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { get } from '../state/api.ts';
import { usePolled } from '../state/polled.ts';
import { BurstCard } from './burst-card.tsx';
import { Compose } from './compose.tsx';
import { withFormer } from './progress-of.ts';

const EVERY_MS = 1_500;

/** Bursts under way and over, and a new one tried out. */
export function Bursts({ pipelineId }: { readonly pipelineId: string | undefined }) {
  const path =
    pipelineId === undefined ? '/api/bursts' : `/api/bursts?pipeline=${encodeURIComponent(pipelineId)}`;
  const shown = useRef<readonly BurstProgress[]>([]);
  const load = async () => {
    const { bursts, gone } = withFormer(shown.current, await get<readonly BurstProgress[]>(path));
    const ended = await Promise.all(
      gone.map((id) => get<BurstProgress>(`/api/bursts/${encodeURIComponent(id)}`)),
    );
    shown.current = bursts.map((burst) => ended.find(({ burstId }) => burstId === burst.burstId) ?? burst);
    return shown.current;
  };
  const { data, error, reload } = usePolled(path, load, EVERY_MS);
  return (
    <>
      <h1>{pipelineId === undefined ? 'Bursts' : `Bursts of ${pipelineId}`}</h1>
      <div class="bursts">
        <Compose pipelineId={pipelineId} sent={reload} />
        <section aria-label="Bursts" class="burst-list">
          {error && <Failed error={error} again={reload} />}
          {data === undefined && !error && <Loading what="bursts" />}
          {data?.length === 0 && (
            <Empty title="No bursts yet">
              <p>Many tasks handed over together: choose a pipeline, try out a spread, and send one.</p>
            </Empty>
          )}
          {data?.map((burst) => (
            <BurstCard key={burst.burstId} burst={burst} isOfPipeline={pipelineId !== undefined} hasCurves />
          ))}
        </section>
      </div>
    </>
  );
}
