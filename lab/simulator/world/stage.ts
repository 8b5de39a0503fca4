import { type MachineDefinition, readMachine } from './machine-definition.ts';

/** The stage that lives in the simulated account. */
export const STAGE = 'sim';
export const CODE_KEY = 'consumer.zip';

const machines = new Map<string, MachineDefinition>();

/** A machine as it is deployed, read once. */
function machineOf(name: string): MachineDefinition {
  const machine =
    machines.get(name) ?? readMachine(`${import.meta.dirname}/../../../statemachines/${name}.yml`);
  machines.set(name, machine);
  return machine;
}

export function lifecycleMachine(): MachineDefinition {
  return machineOf('pipeline-lifecycle');
}

export function burstMachine(): MachineDefinition {
  return machineOf('burst');
}

export function redriveMachine(): MachineDefinition {
  return machineOf('redrive');
}

export function rolloutMachine(): MachineDefinition {
  return machineOf('code-rollout');
}
