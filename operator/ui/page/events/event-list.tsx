import { useState } from 'preact/hooks';
import type { StageEvent } from '../../../views/pipelines.ts';
import { clock } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { get } from '../state/api.ts';
import { usePolled } from '../state/polled.ts';
import { pipelineHref } from '../state/route.ts';
import { eventsThat } from './matching.ts';

interface EventListProps {
  readonly pipelineId?: string;
  /** How far back. */
  readonly sinceMs: number;
}

const EVERY_MS = 5_000;
const MOST_SHOWN = 500;

export function EventList({ pipelineId, sinceMs }: EventListProps) {
  const of = pipelineId === undefined ? '' : `&pipeline=${encodeURIComponent(pipelineId)}`;
  const { data, error, reload } = usePolled<readonly StageEvent[]>(
    `events ${of} ${sinceMs}`,
    () => get(`/api/events?since=${Date.now() - sinceMs}${of}`),
    EVERY_MS,
  );
  const [search, setSearch] = useState('');
  if (data === undefined) return error ? <Failed error={error} again={reload} /> : <Loading what="events" />;
  if (data.length === 0) {
    return (
      <Empty title="Nothing happened lately">
        <p>Changes, holds, breakers, rollouts and bursts are told here as they happen.</p>
      </Empty>
    );
  }
  const shown = eventsThat(data, search).slice(0, MOST_SHOWN);
  return (
    <section class="events" aria-label="Events">
      <search class="filters">
        <input
          type="search"
          placeholder="Search events"
          aria-label="Search events"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </search>
      {error && <Failed error={error} again={reload} />}
      <ol>
        {shown.map((event) => (
          <li key={`${event.atMs} ${event.what} ${event.pipelineId} ${event.says}`}>
            <details>
              <summary>
                <time dateTime={new Date(event.atMs).toISOString()}>{clock(event.atMs)}</time>
                <span class="event-what">{event.what}</span>
                {pipelineId === undefined && event.pipelineId !== undefined && (
                  <span class="event-of">{event.pipelineId}</span>
                )}
                <span class="event-says">{event.says}</span>
              </summary>
              <div class="event-detail">
                {event.pipelineId !== undefined && (
                  <a href={pipelineHref(event.pipelineId)}>Open {event.pipelineId}</a>
                )}
                <pre>{JSON.stringify(event.detail, null, 2)}</pre>
              </div>
            </details>
          </li>
        ))}
      </ol>
      {shown.length === 0 && <p class="muted">No event has all of these words.</p>}
    </section>
  );
}
