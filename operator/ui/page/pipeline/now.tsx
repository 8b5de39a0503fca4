import { useState } from 'preact/hooks';
import type { Measured } from '../../../../core/flow/measured.ts';
import type { Curves, PipelineRow } from '../../../views/pipelines.ts';
import { runningIn } from '../../../views/running.ts';
import type { PipelineAnswer } from '../../wire.ts';
import { BurstCard } from '../bursts/burst-card.tsx';
import { Chart, type Line } from '../parts/chart.tsx';
import { Chips } from '../parts/chips.tsx';
import {
  clock,
  compact,
  count,
  digits,
  duration,
  perSecond,
  seconds,
  valueText,
  version,
} from '../parts/format.ts';
import { Bar, Figure } from '../parts/shown.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { get, pipelinePath } from '../state/api.ts';
import { depths, standing } from '../state/live.ts';
import { usePolled } from '../state/polled.ts';
import { burstsHref } from '../state/route.ts';
import { useSignalValue } from '../state/signal-value.ts';

/** How a pipeline stands, and how it has got on. */
export function Now({ row, view }: { readonly row: PipelineRow; readonly view: PipelineAnswer | undefined }) {
  return (
    <div class="now">
      <div>
        <Figures row={row} />
        <CurveCharts pipelineId={row.pipelineId} />
        {view && view.bursts.length > 0 && (
          <section>
            <h2>Bursts</h2>
            {view.bursts.map((burst) => (
              <BurstCard key={burst.burstId} burst={burst} isOfPipeline />
            ))}
          </section>
        )}
      </div>
      <Facts view={view} row={row} />
    </div>
  );
}

function Figures({ row }: { readonly row: PipelineRow }) {
  const { look, concurrency, perSecond: rate } = row;
  const running = runningIn(row);
  return (
    <dl class="totals">
      <Figure
        name="Running"
        note={
          running !== undefined &&
          concurrency !== undefined && (
            <Bar value={running} of={concurrency} label={`${running} of ${concurrency}`} />
          )
        }
      >
        {running === undefined ? '–' : count(running)}
        {concurrency !== undefined && <span class="of"> / {count(concurrency)}</span>}
      </Figure>
      <Figure name="Waiting">{look ? compact(look.waiting) : '–'}</Figure>
      <Figure name="Delayed">{look ? compact(look.delayed) : '–'}</Figure>
      <Figure name="Rate limit">{rate === undefined ? 'none' : perSecond(rate)}</Figure>
      <Figure name="Dead letters">
        <span class={look && look.deadLetters > 0 ? 'bad' : ''}>{look ? count(look.deadLetters) : '–'}</span>
      </Figure>
    </dl>
  );
}

const RANGES = [
  { value: 15, name: '15 min' },
  { value: 60, name: '1 h' },
  { value: 360, name: '6 h' },
  { value: 1_440, name: '24 h' },
] as const;

function CurveCharts({ pipelineId }: { readonly pipelineId: string }) {
  const [minutes, setMinutes] = useState<number>(60);
  const path = pipelinePath(pipelineId, `/curves?minutes=${minutes}`);
  const { data, error, reload } = usePolled<Curves>(path, () => get(path), 15_000);
  return (
    <section>
      <div class="section-head">
        <h2>Curves</h2>
        <Chips legend="How far back" options={RANGES} chosen={minutes} choose={setMinutes} />
      </div>
      {data ? (
        <CurveGrid curves={data} group={pipelineId} />
      ) : error ? (
        <Failed error={error} again={reload} />
      ) : (
        <Loading what="curves" />
      )}
    </section>
  );
}

function CurveGrid({ curves, group }: { readonly curves: Curves; readonly group: string }) {
  const { waitingSinceMs: seenSince } = curves;
  const at = curves.running.map((_value, step) => curves.fromMs / 1000 + step * curves.stepSeconds);
  const line = (label: string, values: Line['values'], colour: string, more: Partial<Line> = {}): Line => ({
    label,
    values,
    colour,
    ...more,
  });
  return (
    <div class="curves">
      <CurveFigure
        title="Running"
        at={at}
        group={group}
        format={digits}
        lines={[line('running', curves.running, '--accent', { isFilled: true })]}
      />
      {curves.waiting.some((value) => value !== null) ? (
        <CurveFigure
          title={seenSince === undefined ? 'Waiting' : `Waiting, as seen here since ${clock(seenSince)}`}
          at={at}
          group={group}
          format={compact}
          lines={[line('waiting', curves.waiting, '--accent', { isFilled: true })]}
        />
      ) : (
        <LiveDepth pipelineId={group} />
      )}
      <CurveFigure
        title="Duration"
        at={at}
        group={group}
        format={(value) => `${digits(value)} s`}
        lines={[
          line('p50', curves.p50Seconds, '--accent'),
          line('p95', curves.p95Seconds, '--muted', { isDashed: true }),
        ]}
      />
      <CurveFigure
        title="Done and refused"
        at={at}
        group={group}
        format={compact}
        lines={[line('done', curves.done, '--accent'), line('refused (429, 503)', curves.throttled, '--bad')]}
      />
    </div>
  );
}

/** Where nobody measures how much waits: what was seen since somebody looks, five minutes at most. */
function LiveDepth({ pipelineId }: { readonly pipelineId: string }) {
  useSignalValue(standing);
  const samples = depths.get(pipelineId) ?? [];
  const last = samples.at(-1);
  const drawn = last === undefined ? [] : [...samples, [Math.max(Date.now(), last[0]), last[1]] as const];
  return (
    <CurveFigure
      title="Depth, as seen here"
      at={drawn.map(([atMs]) => atMs / 1000)}
      group={`${pipelineId} live`}
      format={compact}
      lines={[
        { label: 'depth', values: drawn.map(([, depth]) => depth), colour: '--accent', isFilled: true },
      ]}
    />
  );
}

interface CurveFigureProps {
  readonly title: string;
  readonly at: readonly number[];
  readonly group: string;
  readonly lines: readonly Line[];
  format(value: number): string;
}

function CurveFigure({ title, at, group, lines, format }: CurveFigureProps) {
  const latest = lines.map(({ label, values }) => {
    const value = values.findLast((one) => one !== null);
    return { label, text: value === null || value === undefined ? '–' : format(value) };
  });
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  return (
    <figure class="curve">
      <figcaption>
        <strong>{title}</strong>
        {lines.map(({ label, colour, isDashed }, index) => (
          <span key={label} class={`key key${colour} ${isDashed ? 'key-dashed' : ''}`}>
            {lines.length > 1 && `${label} `}
            {latest[index]?.text}
          </span>
        ))}
      </figcaption>
      {isEmpty ? (
        <p class="curve-empty">Nothing was measured in this time</p>
      ) : (
        <Chart
          label={`${title}: ${latest.map(({ label, text }) => `${label} ${text}`).join(', ')}`}
          at={at}
          isTime
          lines={lines}
          height={130}
          group={group}
          format={format}
        />
      )}
    </figure>
  );
}

/** What is written down of it, beside what moves. */
function Facts({ view, row }: { readonly view: PipelineAnswer | undefined; readonly row: PipelineRow }) {
  if (view === undefined) return <Loading what="facts" />;
  const { status = {}, group, record } = view;
  const limits = status.limits as
    | { method?: string; concurrencySource?: string; usdPerMillion?: number }
    | undefined;
  const measured = status.measured as Partial<Measured> | undefined;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Release', row.codeVersion && `${row.codeKey} ${version(row.codeVersion)}`],
    ['Function', text(status.functionName)],
    ['Queue', text(status.queueUrl)?.split('/').at(-1)],
    ['Limits kept by', text(limits?.method)],
    ['Concurrency from', text(limits?.concurrencySource)],
    [
      'Price of limits',
      limits?.usdPerMillion === undefined ? undefined : `$${digits(limits.usdPerMillion)} per million tasks`,
    ],
    ['Task takes', measured?.taskSeconds === undefined ? undefined : seconds(measured.taskSeconds)],
    ['Breaker', group?.breaker?.state],
    [
      'Held until',
      group?.hold && group.hold.untilMs > Date.now()
        ? duration((group.hold.untilMs - Date.now()) / 1000)
        : undefined,
    ],
    ['Salvage', salvageText(status.salvage)],
    [
      'Over the account by',
      status.overcommitted === undefined ? undefined : `${valueText(status.overcommitted)} at once`,
    ],
    ['Changed', text(status.updatedAt)?.replace('T', ' ').slice(0, 19)],
  ];
  return (
    <aside class="facts" aria-label="Facts">
      <dl>
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ))}
      </dl>
      {record && (
        <>
          <h2>Record</h2>
          <pre>{JSON.stringify(record, null, 2)}</pre>
        </>
      )}
      <p>
        <a href={burstsHref(row.pipelineId)}>Try out a spread</a>
      </p>
    </aside>
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function salvageText(value: unknown): string | undefined {
  const salvage = value as { uri?: string; count?: number } | undefined;
  return salvage === undefined ? undefined : `${salvage.count} tasks in ${salvage.uri}`;
}
