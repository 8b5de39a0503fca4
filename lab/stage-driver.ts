import { setTimeout as sleep } from 'node:timers/promises';
import { type Clients, type Connection, createClients } from '../aws/clients.ts';
import { AwsError } from '../aws/errors.ts';
import { readLogLines } from '../aws/log-lines.ts';
import type { StatusRecords, TaskQueues } from '../aws/ports.ts';
import { callFunction, createStageInputs, type StageInputs } from '../aws/stage-inputs.ts';
import { createStatusRecords } from '../aws/status-records.ts';
import { createTaskQueues } from '../aws/task-queues.ts';
import type { BurstResult } from '../core/burst/result.ts';
import type { Spread } from '../core/config-record.ts';
import type { StatusRecord } from '../core/status-record.ts';

/** A deployed stage as its users see it: records in, code in, tasks in; status and logs out. */
export interface StageDriver extends StageInputs {
  readonly clients: Clients;
  readonly statuses: StatusRecords;
  readonly queues: TaskQueues;
  send(burst: {
    readonly pipelineId: string;
    readonly tasks?: readonly unknown[];
    readonly count?: number;
    readonly source?: { readonly bucket: string; readonly key: string };
    readonly spread?: Spread;
    readonly burstId?: string;
  }): Promise<BurstResult>;
  call(functionName: string, input: object): Promise<unknown>;
  /** Waits until the status is as asked for. @throws after `limitSeconds`, with the status as it then is */
  until(
    pipelineId: string,
    isSo: (status: StatusRecord) => boolean,
    limitSeconds?: number,
  ): Promise<StatusRecord>;
  /** What consumers have logged since then, line by line. */
  logLines(sinceMs: number): Promise<Readonly<Record<string, unknown>>[]>;
}

const POLL_MS = 25;
/** As long as a function may take. */
const FUNCTION_MS = 900_000;

/** @param outputs the stack's outputs, as the deploy answers them */
export function driveStage(
  connection: Connection,
  stage: string,
  outputs: Readonly<Record<string, string>>,
): StageDriver {
  const clients = createClients({ callMs: 10_000, connection });
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the stack has no output ${name}`);
    return value;
  };
  const statuses = createStatusRecords(clients.documents, output('StatusTable'));
  const patient = createClients({ callMs: FUNCTION_MS, connection });
  const call = (functionName: string, input: object) => callFunction(patient, functionName, input);
  return {
    ...createStageInputs(clients, {
      pipelinesTable: output('PipelinesTable'),
      codeBucket: output('CodeBucket'),
    }),
    clients,
    statuses,
    queues: createTaskQueues(clients.sqs, { callMs: 10_000, consumerRoleArn: '' }),
    call,
    send: async (burst) => (await call(output('TriggerFunction'), burst)) as BurstResult,
    async until(pipelineId, isSo, limitSeconds = 60) {
      const endMs = Date.now() + limitSeconds * 1000;
      for (;;) {
        // A look that gets no answer, as on a machine that is busy, is not the end of it.
        const seen = await statuses.read(pipelineId).catch((error: unknown) => {
          if (error instanceof AwsError) return error;
          throw error;
        });
        if (seen !== undefined && !(seen instanceof AwsError) && isSo(seen)) return seen;
        if (Date.now() > endMs) {
          const last = seen instanceof AwsError ? seen.message : JSON.stringify(seen ?? 'no status');
          throw new Error(`${pipelineId} is not as expected after ${limitSeconds} s: ${last}`);
        }
        await sleep(POLL_MS);
      }
    },
    logLines: (sinceMs) => readLogLines(connection, `/sluice/${stage}/consumers`, sinceMs),
  };
}
