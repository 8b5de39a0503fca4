import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { clock, count, duration, perSecond, plural, seconds } from '../parts/format.ts';
import { pipelineHref } from '../state/route.ts';
import { BurstCurves } from './burst-curves.tsx';
import { BurstDeeds } from './burst-deeds.tsx';
import { plannedShare, sharesOf } from './progress-of.ts';

interface BurstCardProps {
  readonly burst: BurstProgress;
  readonly isOfPipeline?: boolean;
  readonly hasCurves?: boolean;
}

/** A burst and how it is getting on, against its plan. */
export function BurstCard({ burst, isOfPipeline = false, hasCurves = false }: BurstCardProps) {
  const { burstId, pipelineId, totals, state } = burst;
  const over = totals.done + totals.deadLettered + totals.refused + totals.unaccounted;
  const percent = totals.total === 0 ? 100 : Math.floor((over / totals.total) * 100);
  return (
    <article class={`burst ${state === 'Ended' ? 'burst-over' : ''}`} aria-label={`Burst ${burstId}`}>
      <header>
        <h3>{burstId}</h3>
        {!isOfPipeline && <a href={pipelineHref(pipelineId)}>{pipelineId}</a>}
        <span class="phase">{burst.isCancelled ? 'Cancelled' : state}</span>
        <span class="burst-eta">{etaText(burst)}</span>
      </header>
      <Progress burst={burst} percent={percent} />
      <p class="burst-figures">
        <span>
          <strong>{count(over)}</strong> of {count(totals.total)}
        </span>
        <span>{count(totals.running)} running</span>
        {burst.perSecond > 0 && <span>{perSecond(burst.perSecond)}</span>}
        {burst.taskSeconds !== undefined && <span>{seconds(burst.taskSeconds)} a task</span>}
        <span>
          peak {count(burst.peakConcurrency)}{' '}
          <span class="of">({count(burst.predicted.peakConcurrency)} predicted)</span>
        </span>
        {totals.failed > 0 && <span>{plural(totals.failed, 'comes', 'come')} back</span>}
        {totals.deadLettered > 0 && (
          <a class="bad" href={pipelineHref(pipelineId, 'dead-letters')}>
            {plural(totals.deadLettered, 'dead letter')}
          </a>
        )}
        {totals.refused > 0 && <span class="bad">{count(totals.refused)} refused</span>}
        {totals.unaccounted > 0 && <span class="bad">{count(totals.unaccounted)} unaccounted for</span>}
        <BurstDeeds burst={burst} />
      </p>
      {hasCurves && (
        <BurstCurves burstId={burstId} isOpen={burst.eta.kind === 'expected' && burst.isCounted} />
      )}
    </article>
  );
}

function Progress({ burst, percent }: { readonly burst: BurstProgress; readonly percent: number }) {
  const shares = sharesOf(burst);
  const planned = plannedShare(burst);
  const part = (name: string, share: number) => (
    <div class={`part part-${name}`} style={{ width: `${share * 100}%` }} />
  );
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={`${burst.burstId}, ${percent} %`}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      {part('done', shares.done)}
      {part('dead', shares.deadLettered)}
      {part('running', shares.running)}
      {part('waiting', shares.waiting)}
      {burst.state !== 'Ended' && (
        <div class="part-plan" style={{ left: `${planned * 100}%` }} title="Where its plan has it now" />
      )}
    </div>
  );
}

const WHY = {
  paused: 'paused',
  stalled: 'stalled: its pipeline rests, is held or has other work',
  uncounted: 'its tasks are not counted',
} as const;

function etaText({ eta, predicted, atMs, startMs }: BurstProgress): string {
  switch (eta.kind) {
    case 'over':
      return `over after ${duration((eta.atMs - startMs) / 1000)}, predicted ${duration((predicted.finishMs - startMs) / 1000)}`;
    case 'unknown':
      return WHY[eta.why];
    case 'expected': {
      const late = (eta.atMs - predicted.finishMs) / 1000;
      if (late > 60 && eta.atMs <= atMs + 1_000) return `${duration(late)} behind its plan`;
      const against = late > 5 ? `, ${duration(late)} later than planned` : '';
      return `done in ${duration((eta.atMs - atMs) / 1000)}, at ${clock(eta.atMs)}${against}`;
    }
  }
}
