import { createAccount } from './account.ts';
import { type Clients, createClients } from './clients.ts';
import { systemClock } from './clock.ts';
import { createCodeBucket } from './code-bucket.ts';
import { createConfigRecords } from './config-records.ts';
import { createConsumerFunctions } from './consumer-functions.ts';
import { createExecutions, createRollouts } from './executions.ts';
import { createLedgers } from './ledgers.ts';
import { createMappings } from './mappings.ts';
import type { Ports } from './ports.ts';
import { createSalvageStore } from './salvage-store.ts';
import type { Settings } from './settings.ts';
import { createStatusRecords } from './status-records.ts';
import { createTaskQueues } from './task-queues.ts';
import { createLog, createMetrics } from './telemetry.ts';

export { readSettings, type Settings } from './settings.ts';

/** Everything a function acts through, on AWS or on what `AWS_ENDPOINT_URL` names. */
export function createPorts(settings: Settings, clients?: Clients): Ports {
  const callMs = settings.timings.callSeconds * 1000;
  const { documents, lambda, s3, sfn, sqs } = clients ?? createClients({ callMs });
  return {
    clock: systemClock,
    random: Math.random,
    configs: createConfigRecords(documents, settings.pipelinesTable),
    statuses: createStatusRecords(documents, settings.statusTable),
    ledgers: createLedgers(documents, settings.ledgersTable, callMs),
    queues: createTaskQueues(sqs, { consumerRoleArn: settings.consumers.roleArn, callMs }),
    functions: createConsumerFunctions(lambda, settings.consumers.codeBucket),
    mappings: createMappings(lambda),
    account: createAccount(lambda),
    code: createCodeBucket(s3, settings.consumers.codeBucket),
    salvage: createSalvageStore(s3, settings.salvageBucket),
    executions: createExecutions(sfn, settings.lifecycleArn),
    rollouts: createRollouts(sfn, settings.rolloutArn),
    log: createLog(settings.stage),
    metrics: createMetrics(settings.stage),
  };
}
