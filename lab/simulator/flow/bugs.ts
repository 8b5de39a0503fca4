import type { ConsumerLimits } from '../../../core/flow/limits.ts';
import type { Patch } from './scenario.ts';

/** A deliberate bug, the scenarios that find it, and the checks that have to report it. */
export interface FlowBug {
  readonly what: string;
  readonly theme: string;
  readonly checks: readonly string[];
  readonly patch: Patch;
}

type LedgerPace = ConsumerLimits['pace'] & { readonly kind: 'ledger' };

function ledgerAs(change: (pace: LedgerPace) => Partial<LedgerPace>): Patch {
  return {
    limits: (limits) =>
      limits.pace.kind === 'ledger'
        ? { ...limits, pace: { ...limits.pace, ...change(limits.pace) } }
        : limits,
  };
}

const RATE_BUGS: Readonly<Record<string, FlowBug>> = {
  startsHoweverLate: {
    what: 'a start is made however late it comes',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: ledgerAs(() => ({ toleranceMs: Number.MAX_SAFE_INTEGER })),
  },
  spacedWithoutSlack: {
    what: 'starts are as close as the limit allows, as if none came late and all clocks were right',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: ledgerAs(({ spacingMs }) => ({ spacingMs: spacingMs / 1.022 })),
  },
  ledgerForgets: {
    what: 'the ledger hands out the same start twice now and then',
    theme: 'rates by the ledger',
    checks: ['keepsRates'],
    patch: {
      shared: (shared) => {
        let starts = 0;
        let last: ReturnType<typeof shared.takeTurn> | undefined;
        return {
          takeTurn: (request, ran) => {
            starts += 1;
            if (starts % 7 !== 0 || last === undefined) last = shared.takeTurn(request, ran);
            return last;
          },
        };
      },
    },
  },
  slotsRestTooShort: {
    what: 'slots rest a tenth less than they have to',
    theme: 'rates by slots',
    checks: ['keepsRates'],
    patch: {
      limits: (limits) =>
        limits.pace.kind === 'slots'
          ? { ...limits, pace: { ...limits.pace, holdMs: 0.9 * limits.pace.holdMs } }
          : limits,
    },
  },
  ticketsOfOneTime: {
    what: 'all tickets are of the same time',
    theme: 'a full queue of seldom tasks',
    checks: ['waitsCheaply'],
    patch: { shared: () => ({ drawTickets: ({ floorMs }) => floorMs }) },
  },
  earlyBirdsGoLast: {
    what: 'who is back for a start that its call has no time to wait for draws another ticket',
    theme: 'a full queue and little time',
    checks: ['reaches'],
    patch: {
      shared: (shared) => ({
        drawTickets: (request) => (request.line === 'placeMs' ? undefined : shared.drawTickets(request)),
      }),
    },
  },
  spacedTooFar: {
    what: 'starts are farther apart than they need to be',
    theme: 'a full queue by the ledger',
    checks: ['reaches'],
    patch: ledgerAs(({ spacingMs }) => ({ spacingMs: spacingMs * 1.03 })),
  },
};

const UNFORCED: Patch = {
  limits: ({ breaker, ...limits }) => {
    if (breaker === undefined) return limits;
    const { force: _, ...settings } = breaker;
    return { ...limits, breaker: settings };
  },
};

const HOLD_BUGS: Readonly<Record<string, FlowBug>> = {
  holdsUnseen: {
    what: 'who looks whether the group waits sees nothing',
    theme: 'refused by the other side',
    checks: ['startsNobodyWhileHeld', 'heedsItsOwnRefusal'],
    patch: { shared: (shared) => ({ readGroup: () => ({ ...shared.readGroup(), state: {} }) }) },
  },
  holdsUntold: {
    what: 'a hold is not written',
    theme: 'refused by the other side',
    checks: ['wasHeld', 'refusalsPerHold'],
    patch: { shared: () => ({ writeGroup: () => 'written' }) },
  },
  holdsOverstayed: {
    what: 'after a hold nothing starts for a while',
    theme: 'an API that allows less',
    checks: ['goodput'],
    patch: { shared: (shared) => ({ pushTurns: (untilMs) => shared.pushTurns(untilMs + 10_000) }) },
  },
  morePromised: {
    what: 'a tenth more is started than the limit',
    theme: 'an API that allows the limit',
    checks: ['refusalShare'],
    patch: {
      limits: (limits) => ({ ...limits, pace: { kind: 'ledger', spacingMs: 90, toleranceMs: 18 } }),
    },
  },
  startsHeldForGood: {
    what: 'a hold that somebody has ended still puts off starts',
    theme: 'holds ended by hand',
    checks: ['goesOn'],
    patch: { pull: () => {} },
  },
  startsForgotten: {
    what: 'when somebody ends a hold the ledger begins anew, as if nothing had been started',
    theme: 'holds ended by hand',
    checks: ['keepsRates'],
    patch: { pull: (memory) => memory.forgetTurns() },
  },
  refusalsBurn: {
    what: 'a refused attempt stays one',
    theme: 'refused for a day',
    checks: ['burnsNoAttempt'],
    patch: { effects: () => ({ forgetAttempt: async () => {} }) },
  },
  receivesUnlimited: {
    what: 'the runtime does not know after how many receives SQS gives a message up',
    theme: 'refused for a day',
    checks: ['buriesOnlyTheDead'],
    patch: { limits: ({ maxReceives: _, ...limits }) => limits },
  },
  breakerDeaf: {
    what: 'nobody is told how tasks ended',
    theme: 'an outage',
    checks: ['opensProbesAndCloses'],
    patch: { shared: () => ({ addEnded: () => {} }) },
  },
  breakerUnseen: {
    what: 'an open breaker is written, and nobody sees it',
    theme: 'an outage',
    checks: ['startsOnlyProbes'],
    patch: { shared: (shared) => ({ readGroup: () => ({ ...shared.readGroup(), state: {} }) }) },
  },
  probesMustAllSucceed: {
    what: 'one of three probes that fails opens the breaker again',
    theme: 'outages of an API that errs',
    checks: ['recovers'],
    patch: {
      limits: ({ breaker, ...limits }) => ({
        ...limits,
        ...(breaker && { breaker: { ...breaker, failureShare: 0.33 } }),
      }),
    },
  },
  forceUnheard: {
    what: 'a breaker that is forced closed goes by what tasks say',
    theme: 'a breaker forced closed',
    checks: ['neverOpens'],
    patch: UNFORCED,
  },
  forceIgnored: {
    what: 'a breaker that is forced open goes by what tasks say',
    theme: 'a breaker forced open',
    checks: ['startsNothing'],
    patch: UNFORCED,
  },
  lastWriterWins: {
    what: 'a state of the group is written whatever others have written since',
    theme: 'an outage',
    checks: ['failsOnlyProbes'],
    patch: {
      shared: (shared) => ({
        writeGroup: (state) => shared.writeGroup(state, shared.readGroup().revision),
      }),
    },
  },
};

const TASK_BUGS: Readonly<Record<string, FlowBug>> = {
  leaseForAll: {
    what: 'a lease is given to all who ask',
    theme: 'one at a time by lease',
    checks: ['runsAtMost'],
    patch: { shared: () => ({ takeLease: () => ({ kind: 'taken' }) }) },
  },
  leaseForEver: {
    what: 'the lease of a dead call does not end',
    theme: 'one at a time by lease',
    checks: ['losesNothing'],
    patch: {
      shared: (shared) => ({
        takeLease: (owner, _, nowMs) => shared.takeLease(owner, Number.MAX_SAFE_INTEGER, nowMs),
      }),
    },
  },
  leaseTooShort: {
    what: 'a lease ends before its call must have',
    theme: 'one at a time by lease',
    checks: ['runsAtMost'],
    patch: {
      shared: (shared) => ({ takeLease: (owner, _, nowMs) => shared.takeLease(owner, nowMs + 500, nowMs) }),
    },
  },
  keysForAll: {
    what: 'a key is given to all who ask',
    theme: 'done once',
    checks: ['doesKeysOnce'],
    patch: { shared: () => ({ claimKey: () => ({ kind: 'claimed' }) }) },
  },
  keysUnfinished: {
    what: 'that a key is done is not written',
    theme: 'done once',
    checks: ['doesKeysOnce'],
    patch: { shared: () => ({ finishKey: () => {} }) },
  },
  attemptsUncounted: {
    what: 'every attempt is the first',
    theme: 'attempts',
    checks: ['countsAttempts', 'givesAllAttempts'],
    patch: { effects: () => ({ noteAttempt: async () => 1 }) },
  },
  attemptsBurned: {
    what: 'a receive that was given back stays an attempt',
    theme: 'attempts',
    checks: ['countsAttempts'],
    patch: { effects: () => ({ forgetAttempt: async () => {} }) },
  },
  notSentAnew: {
    what: 'a message that is to be sent anew is only deleted',
    theme: 'attempts',
    checks: ['losesNothing'],
    patch: { effects: () => ({ sendAnew: async () => {} }) },
  },
  lettersLost: {
    what: 'a dead letter is not sent before its message is deleted',
    theme: 'fates',
    checks: ['losesNothing'],
    patch: { effects: () => ({ sendDeadLetter: async () => {} }) },
  },
};

const NOTE_BUGS: Readonly<Record<string, FlowBug>> = {
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
};

const TELL_BUGS: Readonly<Record<string, FlowBug>> = {
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

export const BUGS: Readonly<Record<string, FlowBug>> = {
  ...RATE_BUGS,
  ...HOLD_BUGS,
  ...TASK_BUGS,
  ...NOTE_BUGS,
  ...TELL_BUGS,
};
