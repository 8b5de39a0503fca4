import type { Ports } from '../../../aws/ports.ts';

const PORTS = [
  'configs',
  'statuses',
  'ledgers',
  'queues',
  'functions',
  'mappings',
  'account',
  'code',
  'executions',
  'rollouts',
  'redrives',
  'burstRuns',
  'bursts',
  'taskObjects',
  'releases',
  'health',
  'events',
] as const satisfies readonly (keyof Ports)[];

/** A port and its method. */
type Operation = `${(typeof PORTS)[number]}.${string}`;

/** A process that dies. */
export const CRASHED = 'crashed';

/**
 * Ports of a process that dies right after so many calls: none that comes later has an effect.
 * @param calls how many of these it still makes
 * @param of which calls count; all unless said otherwise
 */
export function dyingAfter(calls: number, of?: Operation): (ports: Ports) => Ports {
  let left = calls;
  const dying = (name: string, port: object) =>
    new Proxy(port, {
      get(target, method) {
        const call: unknown = Reflect.get(target, method);
        // Lines come one after the other, not by a call.
        if (typeof call !== 'function' || method === 'lines') return call;
        return async (...args: unknown[]) => {
          if (left <= 0) throw new Error(CRASHED);
          if (of === undefined || of === `${name}.${String(method)}`) left -= 1;
          return call.apply(target, args);
        };
      },
    });
  return (ports) => ({
    ...ports,
    ...Object.fromEntries(PORTS.map((name) => [name, dying(name, ports[name])])),
  });
}
