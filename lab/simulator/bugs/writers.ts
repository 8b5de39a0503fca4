import { type Bug, inSteps, replacing, seeingStatus } from './patches.ts';

/** Bugs in who may write, and when it is over. */
export const WRITER_BUGS: Readonly<Record<string, Bug>> = {
  noLease: {
    what: 'every execution takes the lease for its own',
    breaks: '2 one writer',
    patch: seeingStatus((status, { owner }) =>
      status.lease === undefined ? status : { ...status, lease: { ...status.lease, owner, busyUntilMs: 0 } },
    ),
  },
  noFence: {
    what: 'a retry does not ask whether its first attempt may still run',
    breaks: '2 one writer',
    foundBySeed: 221,
    patch: seeingStatus((status) =>
      status.lease === undefined ? status : { ...status, lease: { ...status.lease, busyUntilMs: 0 } },
    ),
  },
  checkThenFree: {
    what: 'Settle frees the lease though word was left after it looked',
    breaks: '2 one writer',
    patch: inSteps(
      'statuses',
      (statuses) => ({
        write: async (next) => {
          if (next.lease !== undefined) return statuses.write(next);
          for (;;) {
            const latest = await statuses.read(next.pipelineId);
            const forced = await statuses.write({ ...next, revision: latest?.revision ?? next.revision });
            if (forced === 'written') return forced;
          }
        },
      }),
      ['Settle'],
    ),
  },
  noWordLeft: {
    what: 'a loser goes away without leaving word',
    breaks: '1 converges',
    patch: inSteps(
      'statuses',
      (statuses, { owner }) => ({
        write: async (next) =>
          next.lease?.pending && next.lease.owner !== owner ? 'written' : statuses.write(next),
      }),
      ['Claim'],
    ),
  },
  deadWritersStay: {
    what: 'nobody looks for dead writers',
    breaks: '1 converges',
    patch: {
      ports: (ports, caller) =>
        caller.functionName === 'reconciler'
          ? {
              ...ports,
              statuses: replacing(ports.statuses, {
                read: async (pipelineId) => {
                  const status = await ports.statuses.read(pipelineId);
                  const lease = status?.lease && { ...status.lease, untilMs: Number.MAX_SAFE_INTEGER };
                  return status && lease ? { ...status, lease } : status;
                },
              }),
            }
          : ports,
    },
  },
  activeTooEarly: {
    what: 'a lowered limit is said to hold while tasks of the larger one may still run',
    breaks: '4 limits hold, always',
    patch: {
      step: (run) => (input, ports, settings, deadlineMs) => {
        const state = input.state as { readonly memo?: Readonly<Record<string, unknown>> };
        const { settleNotBeforeMs: _forgotten, ...memo } = state.memo ?? {};
        return run({ ...input, state: { ...state, memo } }, ports, settings, deadlineMs);
      },
    },
  },
  mappingNotWaited: {
    what: 'a mapping counts as Enabled as soon as it is asked to be',
    breaks: '1 converges',
    patch: inSteps('mappings', (mappings) => ({
      change: async (id, change, permit) => {
        const answer = await mappings.change(id, change, permit);
        if (answer.kind !== 'done') return answer;
        const state = answer.mapping.enabled ? 'Enabled' : 'Disabled';
        return { kind: 'done', mapping: { ...answer.mapping, state } };
      },
    })),
  },
  functionFailureMissed: {
    what: 'an update of a function that failed counts as made',
    breaks: '1 converges',
    foundBySeed: 112,
    patch: inSteps('functions', (functions) => ({
      read: async (name) => {
        const state = await functions.read(name);
        return state?.lastUpdate === 'Failed' ? { ...state, lastUpdate: 'Successful' } : state;
      },
    })),
  },
};
