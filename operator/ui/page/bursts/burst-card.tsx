import type { BurstProgress } from '../../../../core/burst/progress.ts';
import { clock, count, duration, perSecond, plural, seconds } from '../parts/format.ts';
import { pipelineHref } from '../state/route.ts';
import { BurstDeeds } from './burst-deeds.tsx';
import { plannedShare, type Seen, sharesOf } from './progress-of.ts';

interface BurstCardProps {
  readonly burst: BurstProgress;
  readonly isOfPipeline?: boolean;
  readonly seen?: readonly Seen[];
}

/** A burst and how it is getting on, against its plan. */
export function BurstCard({ burst, isOfPipeline = false, seen = [] }: BurstCardProps) {
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
      {seen.length > 2 && burst.eta.kind === 'expected' && <Course burst={burst} seen={seen} />}
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

const WIDTH = 600;
const HEIGHT = 64;

/** What came to an end over time, and what was predicted: drawn from what this page has seen. */
function Course({ burst, seen }: { readonly burst: BurstProgress; readonly seen: readonly Seen[] }) {
  const { startMs, predicted, totals } = burst;
  const untilMs = Math.max(predicted.finishToMs, seen.at(-1)?.atMs ?? 0, startMs + 1);
  const x = (ms: number) => (((ms - startMs) / (untilMs - startMs)) * WIDTH).toFixed(1);
  const y = (tasks: number) => (HEIGHT - (tasks / Math.max(1, totals.total)) * HEIGHT).toFixed(1);
  const actual = seen.map(({ atMs, over }) => `${x(atMs)} ${y(over)}`).join('L');
  const end = y(totals.total);
  return (
    <figure class="course">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Tasks over: actual against predicted"
      >
        <path
          class="course-range"
          d={`M0 ${HEIGHT}L${x(predicted.finishFromMs)} ${end}H${x(predicted.finishToMs)}Z`}
        />
        <path class="course-plan" d={`M0 ${HEIGHT}L${x(predicted.finishMs)} ${end}`} />
        <path class="course-actual" d={`M${actual}`} />
      </svg>
      <figcaption>
        <span class="key key--accent">tasks over</span>
        <span class="key key--muted key-dashed">predicted</span>
      </figcaption>
    </figure>
  );
}
