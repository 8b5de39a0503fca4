import { parseConfigRecord, type Wanted } from '../../../../core/config-record.ts';
import { type Target, targetOf } from '../../../../core/lifecycle/target.ts';
import { newStatus, type StatusRecord } from '../../../../core/status-record.ts';
import { stageSettings } from '../../../../lab/simulator/world/stage-settings.ts';

/** Records to start a case from; every one is valid by itself. */

export const NOW_MS = Date.UTC(2026, 0, 1);
export const NOW = new Date(NOW_MS).toISOString();

export const settings = stageSettings('test');
export const { consumers } = settings;

export function wantedOf(fields: Record<string, unknown> = {}): Wanted {
  const parsed = parseConfigRecord({ pipelineId: 'a', ...fields }, { stage: 'test' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.wanted;
}

export function target(
  fields: Record<string, unknown> = {},
  { version = 'v1', enabled = fields.paused !== true, stage = consumers } = {},
): Target {
  return targetOf(wantedOf(fields), { key: 'consumer.zip', version }, enabled, stage);
}

/** A pipeline that was never made. */
export function unmade(fields: Partial<StatusRecord> = {}): StatusRecord {
  return { ...newStatus('a', NOW), ...fields };
}

/** A settled pipeline that is what `applied` says. */
export function settledStatus(fields: Partial<StatusRecord> = {}): StatusRecord {
  const { applied = target() } = fields;
  return {
    ...newStatus('a', NOW),
    revision: 7,
    fence: 12,
    phase: applied.wanted.paused ? 'Paused' : 'Active',
    built: true,
    applied,
    configHash: applied.hash,
    queueUrl: 'https://sqs/a',
    deadLetterQueueUrl: 'https://sqs/a-dlq',
    functionName: 'sluice-pipe-test-a',
    eventSourceMappingId: 'mapping-1',
    codeSha256: 'sha-1',
    lastActivityAtMs: NOW_MS,
    ...fields,
  };
}
