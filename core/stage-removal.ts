import type { StatusRecord } from './status-record.ts';

/** What one pipeline still holds of other people's work. */
export interface Holding {
  readonly pipelineId: string;
  /** Tasks in its queue: visible, delayed and in flight. */
  readonly tasks: number;
  readonly deadLetters: number;
  /** Tasks in the salvage bucket. */
  readonly salvaged: number;
  /** Tasks of its bursts that are still to be sent. */
  readonly unsent: number;
}

export interface RemovalRefused {
  /** For people: what is held, by whom, and what to do. */
  readonly message: string;
}

/** How many pipelines a refusal names before it only counts. */
const NAMED = 20;

/**
 * Whether a stage may be removed: not while it holds tasks, unless they may be discarded.
 * @returns the reason not to; undefined if nothing is in the way
 */
export function refuseRemoval(
  stage: string,
  holdings: readonly Holding[],
  discard: boolean,
): RemovalRefused | undefined {
  const full = holdings.filter((one) => one.tasks + one.deadLetters + one.salvaged + one.unsent > 0);
  if (discard || full.length === 0) return undefined;
  const named = full.slice(0, NAMED).map((one) => `  ${one.pipelineId}: ${contents(one)}`);
  const rest = full.length > NAMED ? [`  and ${full.length - NAMED} more`] : [];
  return {
    message: [
      `Stage ${stage} was not removed: ${full.length} of its pipelines still hold tasks.`,
      ...named,
      ...rest,
      'Let the tasks finish (a paused pipeline has to be woken), redrive or delete the dead letters, restore or download',
      `what was salvaged, and let bursts be sent or cancel them; then run this again. To lose all of them: sls remove --stage ${stage} --discard`,
    ].join('\n'),
  };
}

function contents({ tasks, deadLetters, salvaged, unsent }: Holding): string {
  const parts = [
    ...(tasks > 0 ? [`${count(tasks, 'task')} in its queue`] : []),
    ...(deadLetters > 0 ? [count(deadLetters, 'dead letter')] : []),
    ...(salvaged > 0 ? [`${count(salvaged, 'task')} in salvage`] : []),
    ...(unsent > 0 ? [`${count(unsent, 'task')} of bursts to be sent`] : []),
  ];
  return parts.join(', ');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** The pipelines whose teardown is not over: a phase other than `Deleted`, or a run that has not ended. */
export function stillThere(statuses: readonly StatusRecord[]): readonly StatusRecord[] {
  return statuses.filter((status) => status.phase !== 'Deleted' || status.lease !== undefined);
}

/** Changes whenever a teardown gets anywhere. */
export function progressMark(statuses: readonly StatusRecord[]): string {
  return statuses
    .map(({ pipelineId, phase, fence }) => `${pipelineId} ${phase} ${fence}`)
    .sort()
    .join('\n');
}

/** One line for a person who waits: `3 pipelines left: 2 Draining, 1 Deleting`. */
export function progressLine(left: readonly StatusRecord[]): string {
  const phases = new Map<string, number>();
  for (const { phase } of left) phases.set(phase, (phases.get(phase) ?? 0) + 1);
  const parts = [...phases].map(([phase, number]) => `${number} ${phase}`);
  return `${count(left.length, 'pipeline')} left: ${parts.join(', ')}`;
}

/** Whether `discard` has reached what a teardown goes by, or cannot: then the ordinary teardown takes it down. */
export function discardIsKnown(status: StatusRecord | undefined): boolean {
  if (status?.applied === undefined || status.phase === 'Rejected' || status.phase === 'Failed') return true;
  return status.phase === 'Deleted' || status.applied.wanted.onDelete === 'discard';
}
