import { EXECUTION_NAME_CHARACTERS } from '../../../core/aws-limits.ts';
import { Execution, type ExecutionPorts } from './execution.ts';
import { refused } from './failures.ts';

/** Step Functions: one machine and its executions. `I` is what starts one. */
export class SimulatedExecutions<I> {
  readonly running = new Set<Execution>();
  /** Inputs by name, in the order of their start. */
  readonly started = new Map<string, I>();
  /** A name once used is refused for 90 days. */
  readonly byName = new Map<string, Execution>();
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

  start(name: string, input: I): 'started' | 'already' {
    if (name.length > EXECUTION_NAME_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(name)) {
      throw refused('states:StartExecution', 'InvalidName', name);
    }
    const known = this.byName.get(name);
    if (known !== undefined) {
      // The same name with the same input, while it runs, answers with the one that runs.
      const same = JSON.stringify(known.input) === JSON.stringify(input);
      return known.status === 'RUNNING' && same ? 'started' : 'already';
    }
    this.started.set(name, input);
    const execution = new Execution(name, JSON.parse(JSON.stringify(input)), this.#ports);
    this.byName.set(name, execution);
    this.running.add(execution);
    return 'started';
  }
}
