import type { Clients } from '../../aws/clients.ts';
import type { Ports } from '../../aws/ports.ts';
import type { RecordEdits } from '../../aws/record-edits.ts';
import type { WholeTables } from '../../aws/whole-tables.ts';
import type { StageNames } from '../../core/names.ts';

/** What people's tools act through. None of it needs the names of buckets. */
export interface StagePorts
  extends Pick<
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
  > {
  readonly tables: WholeTables;
  readonly edits: RecordEdits;
  /** Deletes all messages of a queue; `busy`: that is under way already. */
  purge(queueUrl: string): Promise<'purged' | 'busy' | 'gone'>;
  /** Calls of the whole account that ran at once of late; undefined where nobody knows. */
  accountRunning(): Promise<number | undefined>;
  /** The last call of a pipeline's consumer since then that failed of this error before any task began. */
  consumerFailures(
    pipelineId: string,
    errorName: string,
    fromMs: number,
  ): Promise<{ readonly atMs: number; readonly message: string } | undefined>;
}

/** A stage that can be asked, and where it is. */
export interface Stage {
  readonly stage: string;
  readonly region: string;
  /** On an emulator: there are no metrics, and nothing costs. */
  readonly isLocal: boolean;
  readonly names: StageNames;
  readonly ports: StagePorts;
  readonly clients: Clients;
  /** The same for what takes long, for instance an upload: 15 minutes a call. */
  patientClients(): Clients;
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
