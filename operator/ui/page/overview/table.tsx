import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PipelineRow } from '../../../views/pipelines.ts';
import { runningIn } from '../../../views/running.ts';
import { compact, count, duration, perSecond, version } from '../parts/format.ts';
import { Bar, Mark, Spark } from '../parts/shown.tsx';
import { depths, see, standing } from '../state/live.ts';
import { pipelineHref } from '../state/route.ts';
import { useSignalValue } from '../state/signal-value.ts';
import { type Column, depthOf, type Listing, sortedBy } from './list.ts';
import { trendOf } from './spark.ts';
import { rowByKey, rowByTab, type Window, windowOf } from './window.ts';

const COLUMNS: readonly { readonly id: Column; readonly name: string; readonly isNumber?: boolean }[] = [
  { id: 'pipeline', name: 'Pipeline' },
  { id: 'verdict', name: 'What it does' },
  { id: 'running', name: 'Running' },
  { id: 'depth', name: 'Depth', isNumber: true },
  { id: 'rate', name: 'Rate', isNumber: true },
  { id: 'oldest', name: 'Oldest', isNumber: true },
  { id: 'deadLetters', name: 'Dead', isNumber: true },
  { id: 'release', name: 'Release' },
];

interface TableProps {
  readonly rows: readonly PipelineRow[];
  readonly listing: Listing;
  change(listing: Listing): void;
}

/** A long list, of which only what is in sight is drawn. The page itself scrolls. */
export function PipelineTable({ rows, listing, change }: TableProps) {
  // Drawn anew with each word from the stage, also where no row has changed: time goes on in the sparklines.
  useSignalValue(standing);
  const body = useRef<HTMLTableSectionElement>(null);
  const [{ from, to }, rowPx] = useWindow(body, rows.length);
  const [active, setActive] = useState(0);
  const tabbed = rowByTab(active, rows.length, { from, to });
  /** The row that is to have the focus once it is drawn. */
  const wanted = useRef<number | undefined>(undefined);
  const shown = rows.slice(from, to);
  const ids = shown.map((row) => row.pipelineId).join('\n');
  useEffect(() => see(ids === '' ? [] : ids.split('\n')), [ids]);

  /** It has the focus now, whatever was to have it. */
  const activate = (at: number) => {
    wanted.current = undefined;
    setActive(at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Rows are sorted anew while one looks at them: from where the focus is now.
    const focused = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
    const current = wanted.current ?? (focused === undefined ? active : Number(focused));
    const next = rowByKey(event.key, current, rows.length, Math.floor(innerHeight / rowPx) - 4);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    bringIntoSight(body.current, next, rowPx);
    // At once, if it is there: the next key may be Enter, which opens what has the focus.
    wanted.current = focusRow(body.current, next) ? undefined : next;
  };
  useLayoutEffect(() => {
    if (wanted.current !== undefined && focusRow(body.current, wanted.current)) wanted.current = undefined;
  });

  return (
    <table class="table" aria-label="Pipelines" aria-rowcount={rows.length + 1}>
      <thead>
        <tr class="row row-head" aria-rowindex={1}>
          {COLUMNS.map(({ id, name, isNumber }) => (
            <th
              key={id}
              scope="col"
              class={`cell cell-${id}${isNumber ? ' number' : ''}`}
              aria-sort={listing.by === id ? (listing.isDown ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" class="quiet" onClick={() => change(sortedBy(listing, id))}>
                {name}
                <span aria-hidden="true">{listing.by === id ? (listing.isDown ? ' ↓' : ' ↑') : ''}</span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} class="rows" style={{ height: `${rows.length * rowPx}px` }} onKeyDown={onKeyDown}>
        {shown.map((row, at) => (
          <Row
            key={row.pipelineId}
            row={row}
            at={from + at}
            topPx={(from + at) * rowPx}
            isActive={from + at === tabbed}
            activate={activate}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: PipelineRow;
  readonly at: number;
  readonly topPx: number;
  readonly isActive: boolean;
  activate(at: number): void;
}

function Row({ row, at, topPx, isActive, activate }: RowProps) {
  const { pipelineId, look, concurrency, says, phase } = row;
  const running = runningIn(row);
  const samples = depths.get(pipelineId) ?? [];
  const nowMs = Date.now();
  const depth = depthOf(row);
  return (
    <tr class="row" aria-rowindex={at + 2} data-row={at} style={{ transform: `translateY(${topPx}px)` }}>
      <td class="cell cell-pipeline">
        <Mark row={row} />
        <a
          href={pipelineHref(pipelineId)}
          tabIndex={isActive ? 0 : -1}
          onFocus={() => activate(at)}
          title={pipelineId}
        >
          {pipelineId}
        </a>
      </td>
      <td class="cell cell-verdict" title={says}>
        {!says.startsWith(phase.toLowerCase()) && phase !== 'Active' && <span class="phase">{phase}</span>}
        {says}
      </td>
      <td class="cell cell-running">
        {running !== undefined && concurrency !== undefined ? (
          <>
            <Bar value={running} of={concurrency} label={`${running} of ${concurrency} run`} />
            <span class="figures">
              {compact(running)}
              <span class="of">/{compact(concurrency)}</span>
            </span>
          </>
        ) : (
          <Unknown />
        )}
      </td>
      <td class="cell cell-depth number">
        <Spark samples={samples} nowMs={nowMs} />
        {depth === undefined ? <Unknown /> : <span>{compact(depth)}</span>}
      </td>
      <td class="cell cell-rate number">
        <Rate row={row} trend={trendOf(samples, nowMs)} />
      </td>
      <td class="cell cell-oldest number">
        <Oldest row={row} nowMs={nowMs} />
      </td>
      <td class={`cell cell-deadLetters number ${look?.deadLetters ? 'bad' : ''}`}>
        {look === undefined ? (
          <Unknown />
        ) : look.deadLetters === 0 ? (
          <span class="nothing">0</span>
        ) : (
          count(look.deadLetters)
        )}
      </td>
      <td class="cell cell-release">
        {row.codeVersion === undefined ? (
          <Unknown />
        ) : (
          <code title={`${row.codeKey} ${row.codeVersion}`}>{version(row.codeVersion)}</code>
        )}
      </td>
    </tr>
  );
}

function Oldest({ row: { look, oldest }, nowMs }: { readonly row: PipelineRow; readonly nowMs: number }) {
  if (look === undefined || oldest === undefined || look.waiting + look.running === 0) return <Unknown />;
  return (
    <>
      {oldest.isAtMost && (
        <span class="of" title="At most: its queue was empty before">
          ≤{' '}
        </span>
      )}
      {duration((nowMs - oldest.sinceMs) / 1000)}
    </>
  );
}

/** How the depth changes, and what may start at most. */
function Rate({ row, trend }: { readonly row: PipelineRow; readonly trend: number | undefined }) {
  const { perSecond: limit } = row;
  const changes = trend !== undefined && Math.abs(trend) >= 0.05 ? trend : undefined;
  if (limit === undefined && changes === undefined) return <Unknown />;
  return (
    <>
      {changes !== undefined && (
        <span title="How the depth changes, tasks a second">
          {changes > 0 ? '+' : '−'}
          {perSecond(Math.abs(changes))}
        </span>
      )}
      {limit !== undefined && <span class="of"> ≤ {perSecond(limit)}</span>}
    </>
  );
}

function Unknown() {
  return (
    <span class="nothing">
      <span aria-hidden="true">–</span>
      <span class="unseen">not known</span>
    </span>
  );
}

/** As the style sheet says; narrow screens have higher rows. */
function rowHeight(): number {
  return matchMedia('(max-width: 760px)').matches ? 72 : 38;
}

function useWindow(body: { readonly current: HTMLElement | null }, rows: number): [Window, number] {
  const [state, setState] = useState<{ window: Window; rowPx: number }>(() => ({
    window: { from: 0, to: 40 },
    rowPx: rowHeight(),
  }));
  useLayoutEffect(() => {
    const measure = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const rowPx = rowHeight();
      const next = windowOf(rows, rowPx, -top, innerHeight);
      setState((before) =>
        before.rowPx === rowPx && before.window.from === next.from && before.window.to === next.to
          ? before
          : { window: next, rowPx },
      );
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [body, rows]);
  return [state.window, state.rowPx];
}

function focusRow(body: HTMLElement | null, row: number): boolean {
  const link = body?.querySelector<HTMLElement>(`[data-row="${row}"] a`);
  link?.focus({ preventScroll: true });
  return link !== undefined && link !== null;
}

/** Below the head of the table, above the lower edge. */
function bringIntoSight(body: HTMLElement | null, row: number, rowPx: number): void {
  if (body === null) return;
  const top = body.getBoundingClientRect().top + row * rowPx;
  const head = 96;
  if (top < head) scrollBy({ top: top - head, behavior: 'instant' });
  else if (top + rowPx > innerHeight) scrollBy({ top: top + rowPx - innerHeight + 8, behavior: 'instant' });
}
