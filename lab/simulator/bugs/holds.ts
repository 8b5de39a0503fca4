import type { Ports } from '../../../aws/ports.ts';
import { CONSUMER_ENVIRONMENT } from '../../../core/consumer-code.ts';
import { limitsText, readLimits } from '../../../core/flow/limits.ts';
import type { Caller } from '../world/caller.ts';
import type { Patch } from '../world/world.ts';
import { type Bug, inSteps, replacing } from './patches.ts';

/** Patches the ports of whom this concerns. */
function whereIs(name: string, replace: (ports: Ports, caller: Caller) => Partial<Ports>): Patch {
  return {
    ports: (ports, caller) =>
      caller.functionName === name ? { ...ports, ...replace(ports, caller) } : ports,
  };
}

/** Bugs in holds of groups, and in leases. */
export const HOLD_BUGS: Readonly<Record<string, Bug>> = {
  holdUnseen: {
    what: 'a run does not ask whether its group is held',
    breaks: '1 converges',
    patch: inSteps('holds', () => ({ read: async () => undefined })),
  },
  wakeLost: {
    what: 'nobody is started to wake a consumer, and the reconciler takes every hold to go on',
    breaks: '1 converges',
    patch: {
      ports: (ports, { functionName }) => {
        if (functionName === 'hold-listener') {
          const start: Ports['executions']['start'] = async (name, input) =>
            input.wakeAt === undefined ? ports.executions.start(name, input) : 'started';
          return { ...ports, executions: replacing(ports.executions, { start }) };
        }
        if (functionName !== 'reconciler') return ports;
        const read: Ports['holds']['read'] = async (pipelineId) => {
          const state = await ports.holds.read(pipelineId);
          const rests = (await ports.statuses.read(pipelineId))?.hold;
          return state?.hold && rests?.untilMs ? { hold: { ...state.hold, untilMs: 9e15 } } : state;
        };
        return { ...ports, holds: replacing(ports.holds, { read }) };
      },
    },
  },
  holdUntold: {
    what: 'nobody is told of holds and breakers',
    breaks: 'holds: every change is told',
    patch: whereIs('hold-listener', ({ events }) => ({
      events: replacing(events, { publish: async () => {} }),
    })),
  },
  forceUntold: {
    what: 'nobody is told that a record forces its breaker',
    breaks: 'holds: forced breakers are told',
    patch: inSteps('events', () => ({ publish: async () => {} })),
  },
  leaseUntold: {
    what: 'a consumer is not told of the lease that is to keep one task at a time',
    breaks: '4 limits hold, always',
    foundBySeed: 198,
    patch: everywhere((functions) => ({
      create: (spec, code, permit) => functions.create(withLease(spec, false), code, permit),
      configure: (spec, permit) => functions.configure(withLease(spec, false), permit),
      // Nobody sees it.
      read: async (name) => {
        const state = await functions.read(name);
        return state && untold.has(name) ? withLease({ ...state, name }, true) : state;
      },
    })),
  },
};

function everywhere(replace: (functions: Ports['functions']) => Partial<Ports['functions']>): Patch {
  return {
    ports: (ports) => ({ ...ports, functions: replacing(ports.functions, replace(ports.functions)) }),
  };
}

/** Functions that should have been told. */
const untold = new Set<string>();

type Named = { readonly name: string; readonly environment: Readonly<Record<string, string>> };

function withLease<F extends Named>(spec: F, isTold: boolean): F {
  const { limits: variable } = CONSUMER_ENVIRONMENT;
  const limits = readLimits(spec.environment[variable]);
  if (!isTold && limits.lease) untold.add(spec.name);
  else if (!isTold) untold.delete(spec.name);
  const text = limitsText({ ...limits, lease: isTold });
  return { ...spec, environment: { ...spec.environment, [variable]: text } };
}
