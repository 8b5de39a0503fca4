import type { FlowBug } from './bug.ts';

/** Of leases, keys, attempts and dead letters. */
export const TASK_BUGS: Readonly<Record<string, FlowBug>> = {
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
