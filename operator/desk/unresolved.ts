import { parseReference } from '../../core/references.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Facts } from '../../core/verdict/why.ts';
import type { StagePorts } from '../stage/stage.ts';
import type { QueueLook } from '../views/pipelines.ts';

/** A message that was received by a call that failed comes back by then, and its next call has failed, too, or not. */
const SLACK_MS = 60_000;
const VARIABLE = /environment\.(\w+) must be resolvable/g;

/**
 * Whether calls of a consumer failed of late for want of what its environment refers to. Asked only where there is such a
 * reference, and something in the queue: it reads the log.
 */
export async function readUnresolved(
  { clock, consumerFailures }: Pick<StagePorts, 'clock' | 'consumerFailures'>,
  status: StatusRecord | undefined,
  look: QueueLook | undefined,
): Promise<Facts['unresolved']> {
  const wanted = status?.applied?.wanted;
  if (status === undefined || wanted === undefined || look === undefined) return undefined;
  const refers = Object.values(wanted.environment).some((value) => parseReference(value) !== undefined);
  if (!refers || look.waiting + look.running === 0) return undefined;
  const fromMs = clock.nowMs() - wanted.visibilityTimeoutSeconds * 1000 - SLACK_MS;
  const last = await consumerFailures(status.pipelineId, 'UnresolvedReferenceError', fromMs);
  if (last === undefined) return undefined;
  // Names, never what they refer to: that is a value of the environment.
  const variables = [...last.message.matchAll(VARIABLE)].map(([, name = '']) => name);
  return variables.length === 0 ? undefined : { atMs: last.atMs, variables };
}
