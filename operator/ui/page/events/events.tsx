import { EventList } from './event-list.tsx';

const DAY_MS = 86_400_000;

/** What the system did, and why: the newest first. */
export function Events() {
  return (
    <>
      <h1>Events</h1>
      <p class="lead">What the system did and why, of the last day; the newest first.</p>
      <EventList sinceMs={DAY_MS} />
    </>
  );
}
