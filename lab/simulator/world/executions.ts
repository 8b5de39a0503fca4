import type { Executions, LifecycleInput, RolloutInput, Rollouts } from '../../../aws/ports.ts';
import { EXECUTION_NAME_CHARACTERS } from '../../../core/aws-limits.ts';
import { Execution, type ExecutionPorts } from './execution.ts';
import { refused } from './failures.ts';
import type { Sync } from './sync.ts';

/** Step Functions: one machine and its executions. */
export class SimulatedExecutions implements Sync<Executions> {
  readonly running = new Set<Execution>();
  started = 0;
  /** Inputs by name; a name once used is refused for 90 days. */
  readonly #names = new Map<string, Execution>();
  readonly #ports: ExecutionPorts;

  constructor(ports: Omit<ExecutionPorts, 'onEnd'> & Pick<Partial<ExecutionPorts>, 'onEnd'>) {
    this.#ports = {
      ...ports,
      onEnd: (execution) => {
        this.running.delete(execution);
        ports.onEnd?.(execution);
      },
    };
  }

  start(name: string, input: LifecycleInput): 'started' | 'already' {
    if (name.length > EXECUTION_NAME_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(name)) {
      throw refused('states:StartExecution', 'InvalidName', name);
    }
    const known = this.#names.get(name);
    if (known !== undefined) {
      // The same name with the same input, while it runs, answers with the one that runs.
      const same = JSON.stringify(known.input) === JSON.stringify(input);
      return known.status === 'RUNNING' && same ? 'started' : 'already';
    }
    this.started += 1;
    const execution = new Execution(name, JSON.parse(JSON.stringify(input)), this.#ports);
    this.#names.set(name, execution);
    this.running.add(execution);
    return 'started';
  }
}

/** The machine that rolls releases out: only what was started is kept. */
export class SimulatedRollouts implements Sync<Rollouts> {
  readonly started = new Map<string, RolloutInput>();

  start(name: string, input: RolloutInput): 'started' | 'already' {
    if (this.started.has(name)) return 'already';
    this.started.set(name, input);
    return 'started';
  }
}
