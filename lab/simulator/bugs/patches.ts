import type { Ports } from '../../../aws/ports.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { PromiseName } from '../promises.ts';
import type { Theme } from '../replay.ts';
import type { Caller } from '../world/caller.ts';
import type { MachineDefinition, State } from '../world/machine-definition.ts';
import type { Patch } from '../world/world.ts';

/** A deliberate bug: what is wrong, and the patch that puts it in without touching the product's code. */
export interface Bug {
  readonly what: string;
  /** The promise that has to be reported for it. */
  readonly breaks: PromiseName;
  /** The stories that find it, if not those of all sorts. */
  readonly theme?: Theme;
  /** A story that finds it, of a bug that few do. It is only told first: another may find it once stories are told anew. */
  readonly foundBySeed?: number;
  readonly patch: Patch;
}

/** A port with some methods replaced; the others stay as they are. */
export function replacing<T extends object>(port: T, methods: Partial<T>): T {
  return Object.assign(Object.create(port) as T, methods);
}

/** Patches one port of the lifecycle's steps (of one step, if named). */
export function inSteps<K extends keyof Ports>(
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
export function seeingStatus(see: (status: StatusRecord, caller: Caller) => StatusRecord): Patch {
  return inSteps('statuses', (statuses, caller) => ({
    read: async (pipelineId) => {
      const status = await statuses.read(pipelineId);
      return status && see(status, caller);
    },
  }));
}

/** Changes one state of the machine. */
export function inMachine(name: string, change: (state: State) => State): Patch {
  return {
    machine: (definition: MachineDefinition) => {
      const state = definition.States[name];
      if (state === undefined) throw new Error(`the machine has no state ${name}`);
      return { ...definition, States: { ...definition.States, [name]: change(state) } };
    },
  };
}

/** Goes another way where a Choice finds a text. */
export function instead(from: string, text: string, next: string): Patch {
  return inMachine(from, (state) => ({
    ...state,
    Choices: (state.Choices ?? []).map((rule) =>
      rule.StringEquals === text || rule.And?.some((one) => one.StringEquals === text)
        ? { ...rule, Next: next }
        : rule,
    ),
  }));
}

export function timing(changes: Readonly<Record<string, number>>): Patch {
  return { settings: (settings) => ({ ...settings, timings: { ...settings.timings, ...changes } }) };
}
