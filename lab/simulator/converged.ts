import { parseConfigRecord, type Wanted } from '../../core/config-record.ts';
import { watchesGroup } from '../../core/flow/limits.ts';
import { keepSteady } from '../../core/flow/measured.ts';
import { limitsOf } from '../../core/lifecycle/target.ts';
import { isOurs, pipelineNames } from '../../core/names.ts';
import { admittedVersion, EMPTY_LINE, type ReleaseLine, releaseFact } from '../../core/release/line.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { SimulatedFunction } from './world/function-state.ts';
import { STAGE, type World } from './world/world.ts';

/** A name and two values that should be equal. */
type Check = readonly [what: string, wanted: unknown, actual: unknown];

/**
 * Holds what is against what the record asks for, by this file's own reading of it.
 * @returns what differs; empty if the pipeline has converged
 */
export function differencesFromWanted(world: World, pipelineId: string): string[] {
  return failing(checksOf(world, pipelineId)).map(
    ([what, wanted, actual]) => `${pipelineId}: ${what} is ${show(actual)}, wanted ${show(wanted)}`,
  );
}

/**
 * Holds a status that says it is settled against what is at that very moment: mapping and function, whose
 * readers are never behind.
 */
export function differencesFromSaid(world: World, record: StatusRecord): string[] {
  const { phase, lease, applied, pipelineId } = record;
  if ((phase !== 'Active' && phase !== 'Paused') || lease !== undefined || applied === undefined) return [];
  const { wanted } = applied;
  const [mapping, ...more] = mappingsOf(world, pipelineId);
  const consumer = world.functions.byName.get(pipelineNames(STAGE, pipelineId).function);
  const checks: Check[] = [
    ['mapping', [applied.enabled ? 'Enabled' : 'Disabled', 0], [mapping?.state, more.length]],
    ['limit', Math.max(2, wanted.concurrency), mapping?.inForce.maximumConcurrency],
    ['batch', wanted.batchSize, mapping?.inForce.batchSize],
    ...oneAtATime(wanted, applied.lease === true, consumer),
    ['function', ['Active', 'Successful'], [consumer?.state, consumer?.lastUpdate]],
    ['code in service', applied.code, consumer?.inService.code],
    ['timeout in service', wanted.timeoutSeconds, consumer?.inService.timeoutSeconds],
  ];
  return failing(checks).map(
    ([what, said, is]) => `${pipelineId}: ${phase} is said while ${what} is ${show(is)}, not ${show(said)}`,
  );
}

function failing(checks: readonly Check[]): readonly Check[] {
  return checks.filter(([, wanted, actual]) => JSON.stringify(wanted) !== JSON.stringify(actual));
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** How a settled pipeline differs from what holds of its group ask for; nobody is at work on it. */
export function differencesFromHold(world: World, pipelineId: string): string[] {
  const status = world.statuses.records.get(pipelineId);
  const record = world.configs.records.get(pipelineId);
  if (status?.phase !== 'Active' || status.lease !== undefined || record === undefined) return [];
  const parsed = parseConfigRecord(record, { stage: STAGE });
  if (parsed.kind === 'invalid') return [];
  return failing(heldChecks(world, parsed.wanted, status)).map(
    ([what, wanted, actual]) => `${pipelineId}: ${what} is ${show(actual)}, wanted ${show(wanted)}`,
  );
}

function checksOf(world: World, pipelineId: string): Check[] {
  const record = world.configs.records.get(pipelineId);
  const status = world.statuses.records.get(pipelineId);
  const free: Check[] = [
    ['lease', undefined, status?.lease],
    ['run', undefined, status?.run],
  ];
  if (record === undefined) return [...free, ...goneChecks(world, pipelineId, status)];
  const parsed = parseConfigRecord(record, {
    stage: STAGE,
    accountConcurrency: world.functions.concurrency.total,
    ...(status?.measured && { measuredSeconds: status.measured.taskSeconds }),
  });
  if (parsed.kind === 'invalid') return [...free, ...rejectedChecks(status)];
  if (isPast(world, record)) return [...free, ...goneChecks(world, pipelineId, status)];
  // Concurrency that follows from a rate goes with what tasks take, in steps.
  const wanted = keepSteady(parsed.wanted, status?.applied?.wanted);
  if (wanted.codeVersion !== undefined && world.code.head(wanted.codeKey, wanted.codeVersion) === undefined) {
    return [...free, ...rejectedChecks(status)];
  }
  if (foreignOf(world, pipelineId).length > 0) {
    return [...free, ['phase', 'Failed', status?.phase], ['error', 'NotOurs', status?.error?.code]];
  }
  return [...free, ...builtChecks(world, wanted, status)];
}

function foreignOf(world: World, pipelineId: string): string[] {
  return world.foreign.filter((one) => one.pipelineId === pipelineId).map(({ what }) => what);
}

function isPast(world: World, { expiresAt }: Readonly<Record<string, unknown>>): boolean {
  return typeof expiresAt === 'number' && expiresAt * 1000 <= world.nowMs();
}

/** One unit of the account's, or the runtime's lease. */
function oneAtATime(wanted: Wanted, lease: boolean, consumer: SimulatedFunction | undefined): Check[] {
  const isOne = wanted.concurrency === 1;
  return [
    ['reserved concurrency', isOne && !lease ? 1 : undefined, consumer?.reserved],
    ['lease in service', isOne && lease, consumer?.inService.lease],
  ];
}

function goneChecks(world: World, pipelineId: string, status: StatusRecord | undefined): Check[] {
  const names = pipelineNames(STAGE, pipelineId);
  const foreign = foreignOf(world, pipelineId);
  return [
    ['phase', 'Deleted', status?.phase ?? 'Deleted'],
    ['queue', foreign.includes('queue'), world.queues.byName.has(names.queue)],
    ['dead-letter queue', false, world.queues.byName.has(names.deadLetterQueue)],
    ['function', foreign.includes('function'), world.functions.byName.has(names.function)],
    ['mappings', 0, mappingsOf(world, pipelineId).length],
  ];
}

function rejectedChecks(status: StatusRecord | undefined): Check[] {
  return [
    ['phase', 'Rejected', status?.phase],
    ['error has a message', true, (status?.error?.message.length ?? 0) > 20],
    ['error has a path', true, status?.error?.path !== undefined],
  ];
}

function builtChecks(world: World, wanted: Wanted, status: StatusRecord | undefined): Check[] {
  const { pipelineId } = wanted;
  const names = pipelineNames(STAGE, pipelineId);
  const queue = world.queues.byName.get(names.queue);
  const deadLetters = world.queues.byName.get(names.deadLetterQueue);
  const consumer = world.functions.byName.get(names.function);
  const mappings = mappingsOf(world, pipelineId);
  const [mapping] = mappings;
  const code = { key: wanted.codeKey, version: wanted.codeVersion ?? admittedTo(world, wanted, status) };
  const { hold, applied } = status ?? {};
  const rests = !wanted.paused && applied?.enabled === false;
  const idles = rests && hold === undefined && wanted.restWhenIdleSeconds !== undefined;
  // Without the reconciler nobody sees the queue become empty.
  const waits = status?.deferred !== undefined && ((queue?.messages.size ?? 0) > 0 || !world.reconciles);
  const enabled = !wanted.paused && !idles && hold === undefined;
  return [
    ['phase', wanted.paused ? 'Paused' : 'Active', status?.phase],
    ['error', undefined, status?.error],
    ['queue is ours', true, queue !== undefined && isOurs(queue.tags, STAGE, pipelineId)],
    ['visibility timeout', wanted.visibilityTimeoutSeconds, queue?.visibilityTimeoutSeconds.wanted],
    ['retention', waits || wanted.messageRetentionSeconds, waits || queue?.messageRetentionSeconds.wanted],
    ['redrive', [deadLetters?.arn, wanted.maxReceiveCount], redriveOf(queue?.redrive.wanted)],
    ['queue is closed', false, queue?.closed.wanted],
    ['dead-letter retention', 1_209_600, deadLetters?.messageRetentionSeconds.wanted],
    ['function', ['Active', 'Successful'], [consumer?.state, consumer?.lastUpdate]],
    ['function timeout in service', wanted.timeoutSeconds, consumer?.inService.timeoutSeconds],
    ['function memory', wanted.memoryMb, consumer?.settings.memoryMb],
    ['function variables', { ...wanted.environment }, ownVariables(consumer?.settings.environment)],
    ['code in service', code, consumer?.inService.code],
    ...oneAtATime(wanted, status?.applied?.lease === true, consumer),
    ['mappings', 1, mappings.length],
    ['mapping state', enabled ? 'Enabled' : 'Disabled', mapping?.state],
    ['mapping concurrency', Math.max(2, wanted.concurrency), mapping?.inForce.maximumConcurrency],
    [
      'mapping batches',
      [wanted.batchSize, wanted.batchWindowSeconds],
      [mapping?.inForce.batchSize, mapping?.inForce.batchWindowSeconds],
    ],
    ['status: queue', queue?.url, status?.queueUrl],
    ['status: dead-letter queue', deadLetters?.url, status?.deadLetterQueueUrl],
    ['status: function', names.function, status?.functionName],
    ['status: mapping', mapping?.id, status?.eventSourceMappingId],
    ['status: code', code, { key: status?.codeKey, version: status?.codeVersion }],
    ['status: applied', status?.configHash, status?.applied?.hash],
    ['nothing to work off while it rests', true, !idles || !hasWaited(world, names.queue)],
    ...heldChecks(world, wanted, status),
  ];
}

/** Whether a consumer rests for a hold of its group that is worth it, and no longer. */
function heldChecks(world: World, wanted: Wanted, status: StatusRecord | undefined): Check[] {
  const said = status?.hold;
  const lease = status?.applied?.lease;
  // Environments that do not ask would not wait for the end of a hold.
  const asks = watchesGroup(limitsOf({ wanted, ...(lease && { lease }) }));
  const { breaker } = wanted;
  if (wanted.paused) return [['hold', undefined, said]];
  if (breaker?.force === 'open')
    return [
      ['hold', { cause: 'forced' }, said],
      ['rests', true, status?.resting],
    ];
  const { hold } = world.holds.read(wanted.pipelineId) ?? {};
  const minds = hold?.cause !== 'breaker' || (breaker !== undefined && breaker.force !== 'closed');
  const untilMs = hold === undefined || !minds ? 0 : hold.untilMs;
  const leftSeconds = (untilMs - world.nowMs()) / 1000;
  const { restHoldSeconds, wakeLeadSeconds } = world.settings.timings;
  const goesOn = said !== undefined && leftSeconds > (asks ? wakeLeadSeconds : 0);
  if (leftSeconds <= restHoldSeconds && !goesOn) return [['hold', undefined, said]];
  return [
    ['hold ends', untilMs, said?.untilMs],
    ['rests', true, status?.resting],
  ];
}

/** The release admitted to a pipeline that is not pinned, by the line as it stands. */
function admittedTo(world: World, wanted: Wanted, status: StatusRecord | undefined): string | undefined {
  const { pipelineId, canary = false, codeKey } = wanted;
  const line = (world.ledgers.read(releaseFact(codeKey))?.value ?? EMPTY_LINE) as ReleaseLine;
  const { code } = status?.applied ?? {};
  return admittedVersion(line, {
    pipelineId,
    canary,
    version: code?.key === codeKey ? code.version : undefined,
  });
}

/** Whether a message has waited in the queue for so long that a resting consumer should have been woken. */
function hasWaited(world: World, name: string): boolean {
  const longAgoMs = world.nowMs() - 1_200_000;
  const messages = world.queues.byName.get(name)?.messages.all() ?? [];
  return [...messages].some(
    ({ arrivedAtMs, visibleAtMs }) => arrivedAtMs < longAgoMs && visibleAtMs < longAgoMs,
  );
}

function mappingsOf(world: World, pipelineId: string) {
  return world.mappings.byQueue.get(pipelineNames(STAGE, pipelineId).queue) ?? [];
}

function redriveOf(redrive: { deadLetterQueueArn: string; maxReceiveCount: number } | undefined) {
  return [redrive?.deadLetterQueueArn, redrive?.maxReceiveCount];
}

function ownVariables(environment: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SLUICE_')));
}
