import type { Clients } from '../../aws/clients.ts';
import type { Ports } from '../../aws/ports.ts';
import type { StageNames } from '../../core/names.ts';

/** What of the ports people's tools use. None of them needs the names of buckets. */
export type StagePorts = Pick<
  Ports,
  | 'bursts'
  | 'clock'
  | 'configs'
  | 'flow'
  | 'health'
  | 'holds'
  | 'ledgers'
  | 'mappings'
  | 'queueAges'
  | 'queues'
  | 'random'
  | 'releases'
  | 'statuses'
>;

/** A stage that can be asked, and where it is. */
export interface Stage {
  readonly stage: string;
  readonly region: string;
  /** On an emulator: there are no metrics, and nothing costs. */
  readonly isLocal: boolean;
  readonly names: StageNames;
  readonly ports: StagePorts;
  readonly clients: Clients;
  /**
   * An output of the stack, for instance `CodeBucket`; asked for once.
   * @throws {DeskFault} where there is no such stack, or no such output
   */
  output(name: string): Promise<string>;
  /**
   * Calls one of the stage's functions and waits for its answer, 15 minutes if need be.
   * @param functionName of `names.functions`
   * @throws {CallFailed} where the function threw
   */
  call(functionName: string, input: object): Promise<unknown>;
  /** Lets go of all connections. */
  close(): void;
}
