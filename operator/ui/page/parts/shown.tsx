import type { ComponentChildren } from 'preact';
import type { PipelineRow } from '../../../views/pipelines.ts';
import type { DepthSample } from '../../wire.ts';
import { type Attention, attentionOf } from '../overview/attention.ts';
import { sparkPath } from '../overview/spark.ts';

const SAYS: Readonly<Record<Attention, string>> = {
  trouble: 'needs somebody',
  waiting: 'waits',
  working: 'works',
  idle: 'idle',
};

/** A mark before what a pipeline does; its shape tells as much as its colour. */
export function Mark({ row }: { readonly row: Pick<PipelineRow, 'verdict'> }) {
  const attention = attentionOf(row);
  return (
    <svg class={`mark mark-${attention}`} viewBox="0 0 10 10" role="img" aria-label={SAYS[attention]}>
      {attention === 'trouble' && <path d="M5 .8 9.6 9H.4Z" />}
      {attention === 'waiting' && <path d="M1.5 1h2.4v8H1.5ZM6.1 1h2.4v8H6.1Z" />}
      {attention === 'working' && <circle cx="5" cy="5" r="4" />}
      {attention === 'idle' && <circle cx="5" cy="5" r="3.3" class="hollow" />}
    </svg>
  );
}

const SPARK_WIDTH = 72;
const SPARK_HEIGHT = 20;

/** The depth of the last minutes; decoration to the number beside it. */
export function Spark({
  samples,
  nowMs,
}: {
  readonly samples: readonly DepthSample[];
  readonly nowMs: number;
}) {
  return (
    <svg class="spark" viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`} aria-hidden="true">
      <path d={sparkPath(samples, nowMs, SPARK_WIDTH, SPARK_HEIGHT)} />
    </svg>
  );
}

/** So much of so much. */
export function Bar({
  value,
  of,
  label,
}: {
  readonly value: number;
  readonly of: number;
  readonly label: string;
}) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  return (
    <svg
      class={`bar ${share >= 1 ? 'bar-full' : ''}`}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect class="bar-ground" width="100" height="6" />
      <rect class="bar-value" width={share * 100} height="6" />
    </svg>
  );
}

/** A figure with its name. */
export function Figure({
  name,
  children,
  note,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly note?: ComponentChildren;
}) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
