import { useState } from 'preact/hooks';
import { EventList } from '../events/event-list.tsx';
import { Chips } from '../parts/chips.tsx';

const DAY_MS = 86_400_000;

/** Logs of a stage are kept for 30 days unless it says otherwise. */
const RANGES = [
  { value: 1, name: '1 day' },
  { value: 7, name: '7 days' },
  { value: 30, name: '30 days' },
] as const;

/** What happened to a pipeline, and what each change has changed. */
export function History({ pipelineId }: { readonly pipelineId: string }) {
  const [days, setDays] = useState<number>(1);
  return (
    <div class="history">
      <Chips legend="How far back" options={RANGES} chosen={days} choose={setDays} />
      <EventList pipelineId={pipelineId} sinceMs={days * DAY_MS} />
    </div>
  );
}
