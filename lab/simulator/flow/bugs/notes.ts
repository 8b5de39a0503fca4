import type { FlowBug } from './bug.ts';

/** Of what is noted of the tasks of bursts. */
export const NOTE_BUGS: Readonly<Record<string, FlowBug>> = {
  repeatsRun: {
    what: 'a task of a burst may run whether or not it does or has',
    theme: 'bursts',
    checks: ['neverRunsRepeats'],
    patch: {
      notes: (notes) => ({
        begin: (...args) => ({ ...notes.begin(...args), isWritten: true }),
      }),
    },
  },
  runsEndEachOther: {
    what: 'whoever ends ends the run that is noted, be it its own or not',
    theme: 'bursts',
    checks: ['neverRunsRepeats'],
    patch: {
      notes: (notes) => ({
        begin: (shard, number, untilMs, nowMs) => {
          const before = notes.begin(shard, number, untilMs, nowMs);
          if (before.isWritten || before.done.has(number)) return before;
          notes.giveBack(shard, number, before.runsUntilMs ?? 0);
          return notes.begin(shard, number, untilMs, nowMs);
        },
      }),
    },
  },
  donesUnnoted: {
    what: 'some tasks that are done are noted as if they had failed',
    theme: 'bursts',
    checks: ['countsAll', 'ends'],
    patch: {
      notes: (notes) => ({
        end: (shard, number, ending, untilMs) =>
          notes.end(shard, number, { ...ending, how: number % 8 === 3 ? 'failed' : ending.how }, untilMs),
      }),
    },
  },
  failuresAreDone: {
    what: 'an attempt that failed counts as done',
    theme: 'bursts',
    checks: ['countsNothingElse'],
    patch: {
      notes: (notes) => ({
        end: (shard, number, ending, untilMs) =>
          notes.end(
            shard,
            number,
            { ...ending, how: ending.how === 'failed' ? 'done' : ending.how },
            untilMs,
          ),
      }),
    },
  },
  lastShardsForgotten: {
    what: 'a burst is over when all shards but one are',
    theme: 'bursts',
    checks: ['endsOnlyWhenOver'],
    patch: { notes: (notes) => ({ add: (...args) => notes.add(...args) + 1 }) },
  },
  endsNotToldAgain: {
    what: 'an end that could not be noted is not told again',
    theme: 'bursts whose table is away for a while',
    checks: ['countsAll', 'ends'],
    patch: {
      effects: ({ bursts }) => ({
        bursts: bursts && {
          begin: bursts.begin,
          end: (...args) => bursts.end(...args).catch(() => undefined),
        },
      }),
    },
  },
  notesWaitedFor: {
    what: 'timers call back a minute late: notes are waited for beyond the end of a call',
    theme: 'bursts whose table is away for a while',
    checks: ['answersInTime'],
    patch: { effects: ({ after }) => ({ after: (ms, call) => after(ms + 60_000, call) }) },
  },
};
