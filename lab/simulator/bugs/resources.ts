import { ownerTags } from '../../../core/names.ts';
import { serverError } from '../world/failures.ts';
import { STAGE } from '../world/stage.ts';
import { type Bug, inSteps, instead, replacing } from './patches.ts';

/** Bugs in what is made, changed and taken down. */
export const RESOURCE_BUGS: Readonly<Record<string, Bug>> = {
  lowersTooEarly: {
    what: 'the visibility timeout is lowered before the function’s timeout',
    breaks: '6 any step can be run again',
    foundBySeed: 671,
    patch: inSteps(
      'queues',
      (queues) => ({
        read: async (url) => {
          const state = await queues.read(url);
          return state && { ...state, visibilityTimeoutSeconds: 0 };
        },
      }),
      ['PrepareQueues'],
    ),
  },
  raisesTooLate: {
    what: 'the visibility timeout is raised after the function’s timeout',
    breaks: '6 any step can be run again',
    foundBySeed: 136,
    patch: inSteps(
      'queues',
      (queues, { label }) =>
        label === 'PrepareQueues'
          ? { change: (url, { visibilityTimeoutSeconds: _later, ...now }) => queues.change(url, now) }
          : {
              read: async (url) => {
                const state = await queues.read(url);
                return state && { ...state, visibilityTimeoutSeconds: Number.POSITIVE_INFINITY };
              },
            },
      ['PrepareQueues', 'FinishQueues'],
    ),
  },
  noNameWait: {
    what: 'a name that is blocked for a minute after its deletion counts as a failure',
    breaks: '1 converges',
    patch: inSteps('queues', (queues) => ({
      create: async (spec) => {
        const answer = await queues.create(spec);
        if (answer.kind === 'nameBlocked') throw serverError('sqs:CreateQueue');
        return answer;
      },
    })),
  },
  repairWakes: {
    what: 'a repair switches the mapping on, whether its pipeline is to run or not',
    breaks: '1 converges',
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
    breaks: "7 one pipeline's trouble stays its own",
    foundBySeed: 101,
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
  adoptsDeleting: {
    what: 'a mapping that is being deleted is adopted',
    breaks: '1 converges',
    patch: inSteps('mappings', (mappings) => ({
      read: async (id, permit) => {
        const mapping = await mappings.read(id, permit);
        return mapping?.state === 'Deleting' ? { ...mapping, enabled: true, state: 'Enabled' } : mapping;
      },
    })),
  },
  mappingLeftBehind: {
    what: 'a teardown leaves the mapping to the function’s deletion',
    breaks: '1 converges',
    patch: instead('AfterSalvage', 'done', 'DeleteFunction'),
  },
  reservationKept: {
    what: 'the reserved unit is not given back when the limit is raised above one',
    breaks: '1 converges',
    patch: instead('AfterPrepareQueues', 'done', 'UpdateFunction'),
  },
  badRecordApplied: {
    what: 'a field that no record may have is passed over instead of rejected',
    breaks: '5 a bad record harms nothing',
    foundBySeed: 107,
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
  budgetNotAsked: {
    what: 'every call goes at once, whatever the budget says',
    breaks: '9 polite neighbour',
    patch: {
      ports: (ports) => ({
        ...ports,
        ledgers: replacing(ports.ledgers, {
          reserve: async (_id, { nowMs }) => ({ kind: 'granted', startMs: nowMs }),
        }),
      }),
    },
  },
  everythingEveryTick: {
    what: 'a tick looks at each pipeline again and again',
    breaks: '8 constant work',
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
