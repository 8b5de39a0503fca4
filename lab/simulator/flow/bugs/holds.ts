import type { FlowBug } from './bug.ts';

/** Of holds. */
export const HOLD_BUGS: Readonly<Record<string, FlowBug>> = {
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
};
