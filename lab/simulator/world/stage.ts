import { type MachineDefinition, readMachine } from './machine-definition.ts';

/** The stage that lives in the simulated account. */
export const STAGE = 'sim';
export const CODE_KEY = 'consumer.zip';

let machine: MachineDefinition | undefined;

/** The machine as it is deployed, read once. */
export function lifecycleMachine(): MachineDefinition {
  machine ??= readMachine(`${import.meta.dirname}/../../../statemachines/pipeline-lifecycle.yml`);
  return machine;
}
