import type { PipelineRow } from '../../../views/pipelines.ts';
import { duration, plural } from '../parts/format.ts';
import type { Fields } from './schema.ts';

const DRAIN_SECONDS = 900;

/** What deleting a record will do, in the order in which it happens. */
export function endingOf(row: PipelineRow | undefined, record: Fields | undefined): readonly string[] {
  const look = row?.look;
  const tasks = look && look.waiting + look.delayed + look.running;
  const left = tasks === undefined ? 'Tasks that are left' : plural(tasks, 'task');
  const letters = look === undefined ? 'dead letters' : plural(look.deadLetters, 'dead letter');
  const seconds =
    typeof record?.drainTimeoutSeconds === 'number' ? record.drainTimeoutSeconds : DRAIN_SECONDS;
  const first = 'The record is deleted, and the queue takes no more tasks.';
  const last = 'Mapping, function and both queues are deleted.';
  if (record?.onDelete === 'discard') {
    return [first, `${left} and ${letters} are thrown away: the record says onDelete discard.`, last];
  }
  const drained = row?.isPaused
    ? `${left}: saved to the salvage bucket, for a paused pipeline is not woken.`
    : `${left}: the consumer goes on for ${duration(seconds)} at most; what is left then is saved to the salvage bucket.`;
  return [
    first,
    tasks === 0
      ? 'Its queue is empty now; what still comes is worked off or saved to the salvage bucket.'
      : drained,
    ...(look?.deadLetters === 0 ? [] : [`${upper(letters)}: saved there, too.`]),
    last,
  ];
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
