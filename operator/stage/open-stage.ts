import { readAccountRunning } from '../../aws/account-running.ts';
import { createBursts } from '../../aws/bursts.ts';
import { type Clients, type Connection, createClients } from '../../aws/clients.ts';
import { systemClock } from '../../aws/clock.ts';
import { createConfigRecords } from '../../aws/config-records.ts';
import { readLastFailure } from '../../aws/consumer-lines.ts';
import { createFlow } from '../../aws/flow.ts';
import { createHealthLines } from '../../aws/health-lines.ts';
import { createHealthMetrics } from '../../aws/health-metrics.ts';
import { createHolds } from '../../aws/holds.ts';
import { createLedgers } from '../../aws/ledgers.ts';
import { createMappings } from '../../aws/mappings.ts';
import { purgeQueue } from '../../aws/purge-queue.ts';
import { createQueueAges, NO_QUEUE_AGES } from '../../aws/queue-ages.ts';
import { createRecordEdits } from '../../aws/record-edits.ts';
import { createReleases } from '../../aws/releases.ts';
import { callFunction } from '../../aws/stage-inputs.ts';
import { readStageOutputs } from '../../aws/stage-outputs.ts';
import { createStatusRecords } from '../../aws/status-records.ts';
import { createTaskQueues } from '../../aws/task-queues.ts';
import { createWholeTables } from '../../aws/whole-tables.ts';
import { CONFIG_FIELDS } from '../../core/config-record.ts';
import { STAGE_PATTERN, type StageNames, stageNames } from '../../core/names.ts';
import { DeskFault } from '../views/desk.ts';
import { findLocalStage, LOCAL_STAGE } from './local-stage.ts';
import type { Stage, StagePorts } from './stage.ts';

/** Where a stage is, as somebody said it. */
export interface StageFlags {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
}

/** Longest that one call of AWS may take, milliseconds. */
const CALL_MS = 10_000;
/** As long as a function may take. */
const FUNCTION_MS = 900_000;

/**
 * Finds a stage: at `AWS_ENDPOINT_URL` where that is set; the stage `local` at the emulator that runs for this folder,
 * unless a region or a profile says that it is on AWS; any other on AWS. Calls nothing there yet.
 * @throws {DeskFault} for a name that no stage has, where the local stage is not up, or where no region is known
 */
export async function openStage(
  { stage, region, profile }: StageFlags,
  env: NodeJS.ProcessEnv,
): Promise<Stage> {
  if (!STAGE_PATTERN.test(stage)) {
    throw new DeskFault(
      'Invalid',
      `--stage must be 1 to 10 lower-case letters and digits, got "${stage}" — give the name you deployed with`,
    );
  }
  // Where the SDK looks for them, and renews them: a watch may take longer than a session.
  if (region !== undefined) env.AWS_REGION = region;
  if (profile !== undefined) env.AWS_PROFILE = profile;
  const isElsewhere = env.AWS_ENDPOINT_URL || region !== undefined || profile !== undefined;
  if (isElsewhere || stage !== LOCAL_STAGE) return stageAt(stage, undefined, Boolean(env.AWS_ENDPOINT_URL));
  const connection = await findLocalStage();
  if (connection !== undefined) return stageAt(stage, connection, true);
  throw new DeskFault(
    'Unreachable',
    'the local stage is not up — start it with npm start, or say which stage: --stage prod --region eu-west-1',
  );
}

/** @param connection absent: as the SDK finds it */
async function stageAt(stage: string, connection: Connection | undefined, isLocal: boolean): Promise<Stage> {
  const names = stageNames(stage);
  const where = connection && { connection };
  const clients = createClients({ callMs: CALL_MS, ...where });
  let patient: Clients | undefined;
  const patientClients = () => {
    patient ??= createClients({ callMs: FUNCTION_MS, ...where });
    return patient;
  };
  let outputs: ReturnType<typeof readStageOutputs> | undefined;
  return {
    stage,
    region: await regionOf(clients),
    isLocal,
    names,
    clients,
    ports: portsOf(stage, names, clients, isLocal),
    async output(name) {
      outputs ??= readStageOutputs(connection, names.stack);
      return outputOf(await outputs, names.stack, name);
    },
    patientClients,
    call: (functionName, input) => callFunction(patientClients(), functionName, input),
    close() {
      for (const client of [clients, patient].flatMap((some) => Object.values(some ?? {}))) client.destroy();
    },
  };
}

async function regionOf({ sqs }: Clients): Promise<string> {
  try {
    return await sqs.config.region();
  } catch {
    throw new DeskFault(
      'Unreachable',
      'no region is known — say which with --region, AWS_REGION or a profile that has one (--profile)',
    );
  }
}

function outputOf(
  outputs: Readonly<Record<string, string>> | undefined,
  stack: string,
  name: string,
): string {
  const value = outputs?.[name];
  if (value !== undefined) return value;
  throw new DeskFault(
    'Unknown',
    outputs === undefined
      ? `there is no stack ${stack} — deploy it, or look at --stage, --region and --profile`
      : `the stack ${stack} has no output ${name} — it is of another version: deploy it again`,
  );
}

function portsOf(stage: string, names: StageNames, clients: Clients, isLocal: boolean): StagePorts {
  const { cloudWatch, documents, lambda, logs, sqs } = clients;
  const { tables, consumerLogs } = names;
  const clock = systemClock;
  // Makes no queue, so it names no role.
  const queues = createTaskQueues(sqs, { consumerRoleArn: '', callMs: CALL_MS });
  return {
    clock,
    random: Math.random,
    bursts: createBursts(documents, tables.bursts, clock),
    configs: createConfigRecords(documents, tables.pipelines),
    flow: createFlow(documents, tables.flow),
    health: isLocal
      ? createHealthLines({ logs, queues, logGroup: consumerLogs, stage, clock })
      : createHealthMetrics({ client: cloudWatch, queues, stage, clock }),
    holds: createHolds(documents, tables.holds),
    ledgers: createLedgers(documents, tables.ledgers, CALL_MS),
    mappings: createMappings(lambda),
    queueAges: isLocal ? NO_QUEUE_AGES : createQueueAges(cloudWatch, stage, clock),
    queues,
    releases: createReleases(documents, tables.releases, SILENT),
    statuses: createStatusRecords(documents, tables.status),
    tables: createWholeTables(documents, tables),
    edits: createRecordEdits(documents, tables.pipelines, CONFIG_FIELDS),
    purge: (queueUrl) => purgeQueue(sqs, queueUrl),
    accountRunning: async () => (isLocal ? undefined : readAccountRunning(cloudWatch, clock)),
    consumerFailures: (pipelineId, errorName, fromMs) =>
      readLastFailure({ logs, stage, logGroup: consumerLogs, isLocal }, pipelineId, errorName, {
        fromMs,
        toMs: clock.nowMs(),
      }),
  };
}

/** What is no record is left out of a list; the functions warn of it. */
const SILENT = { info: () => {}, warn: () => {} };
