import { createAccount } from './account.ts';
import { createBursts } from './bursts.ts';
import { type Clients, createClients } from './clients.ts';
import { systemClock } from './clock.ts';
import { createCodeBucket } from './code-bucket.ts';
import { createConfigRecords } from './config-records.ts';
import { createConsumerFunctions } from './consumer-functions.ts';
import { createEvents } from './events.ts';
import { createBurstRuns, createExecutions, createRedrives, createRollouts } from './executions.ts';
import { createFlow } from './flow.ts';
import { createHealthLines } from './health-lines.ts';
import { createHealthMetrics } from './health-metrics.ts';
import { createHolds } from './holds.ts';
import { createLedgers } from './ledgers.ts';
import { createMappings } from './mappings.ts';
import type { HealthReports, Ports, TaskQueues } from './ports.ts';
import { createQueueAges, NO_QUEUE_AGES } from './queue-ages.ts';
import { createReleases } from './releases.ts';
import { createSalvageStore } from './salvage-store.ts';
import type { Settings } from './settings.ts';
import { createStatusRecords } from './status-records.ts';
import { createTaskObjects } from './task-objects.ts';
import { createTaskQueues } from './task-queues.ts';
import { createLog, createMetrics } from './telemetry.ts';

export { readSettings, type Settings } from './settings.ts';

/** What takes longer than other calls: a whole zip, at 7 MB a second or more, and a trial of a release. */
const DOWNLOAD_MS = 40_000;
const INVOKE_MS = 60_000;

/** Everything a function acts through, on AWS or on what `AWS_ENDPOINT_URL` names. */
export function createPorts(settings: Settings, given?: Clients): Ports {
  const { stage, consumers, timings } = settings;
  const callMs = timings.callSeconds * 1000;
  const clients = given ?? createClients({ callMs });
  const { documents, lambda, s3, sfn, sqs } = clients;
  const log = createLog(stage);
  const queues = createTaskQueues(sqs, { consumerRoleArn: consumers.roleArn, callMs });
  return {
    clock: systemClock,
    random: Math.random,
    configs: createConfigRecords(documents, settings.pipelinesTable),
    statuses: createStatusRecords(documents, settings.statusTable),
    ledgers: createLedgers(documents, settings.ledgersTable, callMs),
    holds: createHolds(documents, consumers.holdsTable),
    flow: createFlow(documents, consumers.flowTable),
    queues,
    queueAges:
      settings.healthSource === 'metrics'
        ? createQueueAges(clients.cloudWatch, stage, systemClock)
        : NO_QUEUE_AGES,
    functions: createConsumerFunctions(lambda, { codeBucket: consumers.codeBucket, invokeMs: INVOKE_MS }),
    mappings: createMappings(lambda),
    account: createAccount(lambda),
    code: createCodeBucket(s3, { bucket: consumers.codeBucket, downloadMs: DOWNLOAD_MS }),
    salvage: createSalvageStore(s3, settings.salvageBucket),
    executions: createExecutions(sfn, settings.lifecycleArn),
    rollouts: createRollouts(sfn, settings.rolloutArn),
    redrives: createRedrives(sfn, settings.redriveArn),
    burstRuns: createBurstRuns(sfn, settings.burstArn),
    bursts: createBursts(documents, consumers.burstsTable, systemClock),
    taskObjects: createTaskObjects(s3, settings.burstBucket),
    releases: createReleases(documents, settings.releasesTable, log),
    health: createHealth(settings, clients, queues),
    events: createEvents(clients.events, log),
    log,
    metrics: createMetrics(stage),
  };
}

function createHealth(settings: Settings, { cloudWatch, logs }: Clients, queues: TaskQueues): HealthReports {
  const { stage, consumers, healthSource } = settings;
  return healthSource === 'metrics'
    ? createHealthMetrics({ client: cloudWatch, queues, stage, clock: systemClock })
    : createHealthLines({ logs, queues, logGroup: consumers.logGroup, stage, clock: systemClock });
}
