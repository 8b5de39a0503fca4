import type { Ports } from '../../../aws/ports.ts';
import { type ReleaseLine, releaseFact } from '../../../core/release/line.ts';
import { CODE_KEY } from '../world/stage.ts';
import type { Patch } from '../world/world.ts';
import { type Bug, replacing } from './patches.ts';

/** Patches one port of some of our functions. */
function inFunctions<K extends keyof Ports>(
  functions: readonly string[],
  port: K,
  replace: (port: Ports[K], ports: Ports) => Partial<Ports[K]>,
): Patch {
  return {
    ports: (ports, caller) => {
      if (!functions.includes(caller.functionName)) return ports;
      const original = ports[port];
      return { ...ports, [port]: replacing(original as object, replace(original, ports) as object) };
    },
  };
}

/** Who asks what a pipeline is to run. */
const READERS = ['pipeline-lifecycle', 'reconciler'];
const DRIVERS = ['code-rollout', 'rollout-control'];

/** Changes how the line is seen by those who ask what a pipeline is to run. */
function seeingLine(see: (line: ReleaseLine, ports: Ports) => Promise<ReleaseLine>): Patch {
  return inFunctions(READERS, 'ledgers', (ledgers, ports) => ({
    read: async (id) => {
      const fact = await ledgers.read(id);
      if (fact === undefined || id !== releaseFact(CODE_KEY)) return fact;
      return { ...fact, value: await see(fact.value as ReleaseLine, ports) };
    },
  }));
}

/** Bugs in how releases go out and come back. */
export const RELEASE_BUGS: Readonly<Record<string, Bug>> = {
  oldEventAdmits: {
    what: 'an event brings out the version that it tells of, whatever is in the bucket by now',
    breaks: 'releases: never an older after a newer one',
    theme: 'releases',
    patch: {
      ports: (ports, { functionName, label }) =>
        functionName === 'code-listener'
          ? { ...ports, code: replacing(ports.code, { head: (key) => ports.code.head(key, label) }) }
          : ports,
      rolloutStep: (run) => (input, ports, settings, deadlineMs) => {
        const { version } = input.state as { readonly version: string };
        const head: Ports['code']['head'] = (key) => ports.code.head(key, version);
        return run(input, { ...ports, code: replacing(ports.code, { head }) }, settings, deadlineMs);
      },
    },
  },
  reachIgnored: {
    what: 'a release on its way goes to everybody who asks, reached or not',
    breaks: 'releases: only what is admitted',
    theme: 'releases',
    patch: seeingLine(async (line) => (line.next ? { ...line, next: { ...line.next, reach: 1 } } : line)),
  },
  newestInBucket: {
    what: 'a pipeline gets what is newest in the bucket instead of what is admitted',
    breaks: 'releases: only what is admitted',
    theme: 'releases',
    patch: seeingLine(async ({ next: _next, ...line }, { code }) => {
      const newest = await code.head(CODE_KEY);
      return newest === undefined ? line : { ...line, stable: newest.version };
    }),
  },
  trialIgnored: {
    what: 'what a trial comes to is not looked at',
    breaks: 'releases: only what is admitted',
    theme: 'releases',
    patch: inFunctions(DRIVERS, 'functions', () => ({
      invoke: async () => ({ kind: 'returned', payload: null }),
    })),
  },
  keptForEver: {
    what: 'a rollback leaves the release to those who have it',
    breaks: 'releases: one for all, or a mix that is marked',
    theme: 'releases',
    patch: inFunctions(DRIVERS, 'ledgers', (ledgers) => ({
      write: async (id, value, revision) => {
        if (id !== releaseFact(CODE_KEY)) return ledgers.write(id, value, revision);
        const before = (await ledgers.read(id))?.value as ReleaseLine | undefined;
        const line = value as ReleaseLine;
        if (before?.next === undefined || line.next !== undefined || line.stable !== before.stable) {
          return ledgers.write(id, value, revision);
        }
        const kept = [...before.kept, before.next.version];
        return ledgers.write(id, { ...line, kept }, revision);
      },
    })),
  },
  healthIgnored: {
    what: 'a wave is never seen to be unhealthy',
    breaks: 'releases: a bad one goes back',
    theme: 'releases',
    patch: inFunctions(DRIVERS, 'health', () => ({ read: async () => new Map() })),
  },
  deadLettersLeft: {
    what: 'dead letters of a release that went back stay where they are',
    breaks: 'releases: a bad one goes back',
    theme: 'releases',
    patch: inFunctions(DRIVERS, 'queues', () => ({ receive: async () => [] })),
  },
  driverDies: {
    what: 'nobody looks for rollouts whose execution has died',
    breaks: '1 converges',
    theme: 'releases',
    patch: inFunctions(['reconciler'], 'releases', () => ({ page: async () => ({ items: [] }) })),
  },
};
