import type { Patch } from '../scenario.ts';
import type { FlowBug } from './bug.ts';

const UNFORCED: Patch = {
  limits: ({ breaker, ...limits }) => {
    if (breaker === undefined) return limits;
    const { force: _, ...settings } = breaker;
    return { ...limits, breaker: settings };
  },
};

/** Of the circuit breaker. */
export const BREAKER_BUGS: Readonly<Record<string, FlowBug>> = {
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
