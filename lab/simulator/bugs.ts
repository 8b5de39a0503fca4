import type { Ports } from '../../aws/ports.ts';
import { ownerTags } from '../../core/names.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Caller } from './world/caller.ts';
import { serverError } from './world/failures.ts';
import type { MachineDefinition, State } from './world/machine-definition.ts';
import type { Patch } from './world/world.ts';
import { STAGE } from './world/world.ts';

/** A deliberate bug: what is wrong, and the patch that puts it in without touching the product's code. */
export interface Bug {
  readonly what: string;
  readonly patch: Patch;
}

/** A port with some methods replaced; the others stay as they are. */
function replacing<T extends object>(port: T, methods: Partial<T>): T {
  return Object.assign(Object.create(port) as T, methods);
}

/** Patches one port of the lifecycle's steps (of one step, if named). */
function inSteps<K extends keyof Ports>(
  port: K,
  replace: (port: Ports[K], caller: Caller) => Partial<Ports[K]>,
  steps?: readonly string[],
): Patch {
  return {
    ports: (ports, caller) => {
      if (caller.functionName !== 'pipeline-lifecycle') return ports;
      if (steps !== undefined && !steps.includes(caller.label)) return ports;
      const original = ports[port];
      return { ...ports, [port]: replacing(original as object, replace(original, caller) as object) };
    },
  };
}

/** Changes how the status record is seen by the steps. */
function seeingStatus(see: (status: StatusRecord, caller: Caller) => StatusRecord): Patch {
  return inSteps('statuses', (statuses, caller) => ({
    read: async (pipelineId) => {
      const status = await statuses.read(pipelineId);
      return status && see(status, caller);
    },
  }));
}

/** Changes one state of the machine. */
function inMachine(name: string, change: (state: State) => State): Patch {
  return {
    machine: (definition: MachineDefinition) => {
      const state = definition.States[name];
      if (state === undefined) throw new Error(`the machine has no state ${name}`);
      return { ...definition, States: { ...definition.States, [name]: change(state) } };
    },
  };
}

/** Goes another way where a Choice finds a text. */
function instead(from: string, text: string, next: string): Patch {
  return inMachine(from, (state) => ({
    ...state,
    Choices: (state.Choices ?? []).map((rule) =>
      rule.StringEquals === text || rule.And?.some((one) => one.StringEquals === text)
        ? { ...rule, Next: next }
        : rule,
    ),
  }));
}

function asStep(name: string, step: string): Patch {
  return inMachine(name, (state) => ({
    ...state,
    Parameters: { ...(state.Parameters as object), step },
  }));
}

/** Both patches of the machine. */
function both(first: Patch, second: Patch): Patch {
  return {
    ...first,
    ...second,
    machine: (definition) => {
      const once = first.machine?.(definition) ?? definition;
      return second.machine?.(once) ?? once;
    },
  };
}

function timing(changes: Readonly<Record<string, number>>): Patch {
  return { settings: (settings) => ({ ...settings, timings: { ...settings.timings, ...changes } }) };
}

/** Deliberate bugs, each of which the promises must catch. */
export const BUGS: Readonly<Record<string, Bug>> = {
  noLease: {
    what: 'every execution takes the lease for its own',
    patch: seeingStatus((status, { owner }) =>
      status.lease === undefined ? status : { ...status, lease: { ...status.lease, owner, busyUntilMs: 0 } },
    ),
  },
  functionFailureMissed: {
    what: 'an update of a function that failed counts as made',
    patch: inSteps('functions', (functions) => ({
      read: async (name) => {
        const state = await functions.read(name);
        return state?.lastUpdate === 'Failed' ? { ...state, lastUpdate: 'Successful' } : state;
      },
    })),
  },
  noFence: {
    what: 'a retry does not ask whether its first attempt may still run',
    patch: seeingStatus((status) =>
      status.lease === undefined ? status : { ...status, lease: { ...status.lease, busyUntilMs: 0 } },
    ),
  },
  checkThenFree: {
    what: 'Settle frees the lease though word was left after it looked',
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
    patch: inSteps(
      'statuses',
      (statuses, { owner }) => ({
        write: async (next) =>
          next.lease?.pending && next.lease.owner !== owner ? 'written' : statuses.write(next),
      }),
      ['Claim'],
    ),
  },
  wrongOrder: {
    what: 'the visibility timeout is lowered before the function’s timeout, and raised after it',
    patch: both(asStep('PrepareQueues', 'FinishQueues'), asStep('FinishQueues', 'PrepareQueues')),
  },
  deleteWithoutDrain: {
    what: 'a teardown deletes at once, without a look at what is in the queues',
    patch: {
      ...instead('AfterClaim', 'drain', 'DeleteMapping'),
      ...inSteps(
        'queues',
        (queues) => ({
          read: async (url) => {
            const state = await queues.read(url);
            return state && { ...state, counts: { visible: 0, delayed: 0, inFlight: 0 } };
          },
        }),
        ['DeleteQueues'],
      ),
    },
  },
  salvageSkipsInFlight: {
    what: 'delayed and in-flight messages do not count',
    patch: inSteps('queues', (queues) => ({
      read: async (url) => {
        const state = await queues.read(url);
        return state && { ...state, counts: { ...state.counts, delayed: 0, inFlight: 0 } };
      },
    })),
  },
  salvageDeletesFirst: {
    what: 'salvage deletes messages before it has written them',
    patch: inSteps(
      'queues',
      (queues) => ({
        receive: async (url, seconds) => {
          const messages = await queues.receive(url, seconds);
          if (messages.length > 0) {
            await queues.deleteMessages(
              url,
              messages.map(({ receipt }) => receipt),
            );
          }
          return messages;
        },
        deleteMessages: async () => [],
      }),
      ['Salvage'],
    ),
  },
  noNameWait: {
    what: 'a name that is blocked for a minute after its deletion counts as a failure',
    patch: inSteps('queues', (queues) => ({
      create: async (spec) => {
        const answer = await queues.create(spec);
        if (answer.kind === 'nameBlocked') throw serverError('sqs:CreateQueue');
        return answer;
      },
    })),
  },
  emptyOnce: {
    what: 'one count of 0 is taken for an empty queue, at once after it was closed',
    patch: timing({ policyPropagationSeconds: 0, emptySpanSeconds: 0 }),
  },
  repairWakes: {
    what: 'a repair switches the mapping on, whether its pipeline is to run or not',
    patch: inSteps(
      'mappings',
      (mappings) => ({
        change: (id, change, permit) => mappings.change(id, { ...change, enabled: true }, permit),
        create: (spec, permit) => mappings.create({ ...spec, enabled: true }, permit),
      }),
      ['UpdateMapping', 'CreateMapping'],
    ),
  },
  noTagCheck: {
    what: 'whatever has the name is taken for ours',
    patch: {
      ports: (ports, caller) => ({
        ...ports,
        queues: replacing(ports.queues, {
          tags: async (url) => (await ports.queues.tags(url)) && ownerTags(STAGE, caller.pipelineId),
        }),
        functions: replacing(ports.functions, {
          read: async (name) => {
            const state = await ports.functions.read(name);
            return state && { ...state, tags: ownerTags(STAGE, caller.pipelineId) };
          },
        }),
      }),
    },
  },
  budgetNotAsked: {
    what: 'every call goes at once, whatever the budget says',
    patch: {
      ports: (ports) => ({
        ...ports,
        ledgers: replacing(ports.ledgers, {
          reserve: async (_id, { nowMs }) => ({ kind: 'granted', startMs: nowMs }),
        }),
      }),
    },
  },
  activeTooEarly: {
    what: 'a lowered limit is said to hold while tasks of the larger one may still run',
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
    patch: inSteps('mappings', (mappings) => ({
      change: async (id, change, permit) => {
        const answer = await mappings.change(id, change, permit);
        if (answer.kind !== 'done') return answer;
        const state = answer.mapping.enabled ? 'Enabled' : 'Disabled';
        return { kind: 'done', mapping: { ...answer.mapping, state } };
      },
    })),
  },
  adoptsDeleting: {
    what: 'a mapping that is being deleted is adopted',
    patch: inSteps('mappings', (mappings) => ({
      read: async (id, permit) => {
        const mapping = await mappings.read(id, permit);
        return mapping?.state === 'Deleting' ? { ...mapping, enabled: true, state: 'Enabled' } : mapping;
      },
    })),
  },
  mappingLeftBehind: {
    what: 'a teardown leaves the mapping to the function’s deletion',
    patch: instead('AfterSalvage', 'done', 'DeleteFunction'),
  },
  reservationKept: {
    what: 'the reserved unit is not given back when the limit is raised above one',
    patch: instead('AfterPrepareQueues', 'done', 'UpdateFunction'),
  },
  badRecordApplied: {
    what: 'a field that no record may have is passed over instead of rejected',
    patch: inSteps(
      'configs',
      (configs) => ({
        read: async (pipelineId) => {
          const record = await configs.read(pipelineId);
          if (record === undefined) return undefined;
          const { concurency: _misspelt, ...rest } = record;
          return rest;
        },
      }),
      ['Claim'],
    ),
  },
  deadWritersStay: {
    what: 'nobody looks for dead writers',
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
  everythingEveryTick: {
    what: 'a tick looks at each pipeline again and again',
    patch: {
      ports: (ports, caller) =>
        caller.functionName === 'reconciler'
          ? {
              ...ports,
              configs: replacing(ports.configs, {
                read: async (pipelineId) => {
                  for (let i = 0; i < 60; i += 1) await ports.configs.read(pipelineId);
                  return ports.configs.read(pipelineId);
                },
              }),
            }
          : ports,
    },
  },
};
