import { assertNever } from '../assert-never.ts';
import { counted, duration } from '../verdict/amounts.ts';
import type { Ending, KeptFor } from './what-happens.ts';

/** What becomes of a pipeline's tasks, for people: a clause each, without a full stop. */
export interface EndingWords {
  readonly tasks: string;
  /** Absent where the first says it of them, too, or there are none. */
  readonly letters?: string;
  /** What may be otherwise than somebody thinks. */
  readonly note?: string;
}

export function endingWords(ending: Ending): EndingWords {
  const note = noteOf(ending);
  const lettersAre = lettersOf(ending);
  return {
    tasks: `${ending.isUnderWay ? 'it is taken down already: ' : ''}${tasksOf(ending)}`,
    ...(lettersAre !== undefined && { letters: lettersAre }),
    ...(note !== undefined && { note }),
  };
}

function tasksOf({ fate, tasks, deadLetters, atMs }: Ending): string {
  if (fate.kind === 'nothing') return 'it has no queue, nothing is lost';
  if (tasks === 0 && deadLetters === 0) return 'its queues are empty, nothing is lost';
  const left = tasks === undefined ? 'what is left' : counted(tasks, 'task');
  switch (fate.kind) {
    case 'discarded': {
      const letters = deadLetters === undefined ? 'dead letters' : counted(deadLetters, 'dead letter');
      const all = deadLetters === 0 ? left : `${left} and ${letters}`;
      return `${all} deleted for good, kept nowhere (onDelete: discard)`;
    }
    case 'kept':
      return `${left} kept in the salvage bucket: ${KEPT_FOR[fate.why]}`;
    case 'drained': {
      const first =
        fate.startsMs === undefined
          ? ''
          : `${fate.waitsFor === 'held' ? 'its group is held' : 'its breaker is open'} for another ${duration((fate.startsMs - atMs) / 1000)}; `;
      const limit = duration((fate.limitMs - atMs) / 1000);
      return `${first}${left} may run for up to ${limit}, what is left then is kept in the salvage bucket`;
    }
    default:
      return assertNever(fate);
  }
}

const KEPT_FOR: Readonly<Record<KeptFor, string>> = {
  paused: 'it is paused, and is not woken',
  forcedOpen: 'its breaker is forced open, so none starts',
  held: 'its group is held for longer, so none starts',
  resting: 'its consumer rests, and is not woken',
  unfinished: 'it was never finished',
  stopped: 'its consumer is stopped',
};

function lettersOf({ fate, deadLetters }: Ending): string | undefined {
  if (fate.kind === 'nothing' || fate.kind === 'discarded' || deadLetters === 0) return undefined;
  const letters = deadLetters === undefined ? 'dead letters' : counted(deadLetters, 'dead letter');
  return `${letters} kept there, too`;
}

function noteOf({ asked, mayDiscard }: Ending): string | undefined {
  if (mayDiscard) {
    return 'onDelete discard is asked for and not applied yet: where that comes first, all are deleted for good';
  }
  if (asked === undefined) return undefined;
  return `its record says onDelete ${asked}, which is not applied`;
}
