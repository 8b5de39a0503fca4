import { useRef, useState } from 'preact/hooks';
import type { StageEvent } from '../../../views/pipelines.ts';
import { Difference } from '../parts/difference.tsx';
import { clock, dateAndClock, plural } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { get } from '../state/api.ts';
import { usePolled } from '../state/polled.ts';
import { pipelineHref } from '../state/route.ts';
import { eventsThat } from './matching.ts';
import { eventKey, withNewer } from './newer.ts';

interface EventListProps {
  readonly pipelineId?: string;
  /** How far back. */
  readonly sinceMs: number;
}

const EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const MOST_SHOWN = 500;
/** An event may be read so long after it happened: that much is asked for again. */
const LATE_MS = 30_000;

/** What was read, and until when. */
interface Kept {
  readonly key: string;
  readonly readMs: number;
  readonly events: readonly StageEvent[];
}

export function EventList({ pipelineId, sinceMs }: EventListProps) {
  const of = pipelineId === undefined ? '' : `&pipeline=${encodeURIComponent(pipelineId)}`;
  const key = `events ${of} ${sinceMs}`;
  const kept = useRef<Kept>(undefined);
  const load = async (): Promise<readonly StageEvent[]> => {
    const beganMs = Date.now();
    const before = kept.current?.key === key ? kept.current : undefined;
    const fromMs = beganMs - sinceMs;
    const askedMs = before === undefined ? fromMs : Math.max(fromMs, before.readMs - LATE_MS);
    const newer = await get<readonly StageEvent[]>(`/api/events?since=${askedMs}${of}`);
    const events = withNewer(before?.events ?? [], newer, fromMs);
    kept.current = { key, readMs: beganMs, events };
    return events;
  };
  const { data, error, reload } = usePolled(key, load, EVERY_MS);
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
    <section class={sinceMs > DAY_MS ? 'events events-of-days' : 'events'} aria-label="Events">
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
          <Event
            key={eventKey(event)}
            event={event}
            isOfPipeline={pipelineId !== undefined}
            isOfDays={sinceMs > DAY_MS}
          />
        ))}
      </ol>
      {shown.length === 0 && <p class="muted">No event has all of these words.</p>}
    </section>
  );
}

interface EventProps {
  readonly event: StageEvent;
  readonly isOfPipeline: boolean;
  /** Its day says something, too. */
  readonly isOfDays: boolean;
}

/** One line; what it has changed stands below it, and all that it tells where it is opened. */
function Event({ event, isOfPipeline, isOfDays }: EventProps) {
  const { atMs, what, pipelineId, says, changes = [], moreChanges, detail } = event;
  return (
    <li>
      <details>
        <summary>
          <time dateTime={new Date(atMs).toISOString()}>{isOfDays ? dateAndClock(atMs) : clock(atMs)}</time>
          <span class="event-what">{what}</span>
          {!isOfPipeline && pipelineId !== undefined && <span class="event-of">{pipelineId}</span>}
          <span class="event-says">{says}</span>
        </summary>
        <div class="event-detail">
          {pipelineId !== undefined && <a href={pipelineHref(pipelineId)}>Open {pipelineId}</a>}
          <pre>{JSON.stringify(detail, null, 2)}</pre>
        </div>
      </details>
      {changes.length > 0 && (
        <div class="event-changes">
          <Difference changes={changes} />
          {moreChanges !== undefined && <p class="muted">and {plural(moreChanges, 'field')} more</p>}
        </div>
      )}
    </li>
  );
}
