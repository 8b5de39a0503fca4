import type { Ports } from '../../aws/ports.ts';
import { isUnknown, type ReadyStatus, readiness } from '../../core/readiness.ts';
import { Refused } from '../../core/refused.ts';

/** How long a pipeline that is being made is waited for, and how often it is looked at. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 1_000;

/**
 * The status of a pipeline once it takes tasks; one that is being made is waited for.
 * @throws {Refused} `UnknownPipeline`, `Draining`, `NotReady`
 */
export async function readyPipeline(pipelineId: string, ports: Ports): Promise<ReadyStatus> {
  const untilMs = ports.clock.nowMs() + PATIENCE_MS;
  for (;;) {
    const status = await ports.statuses.read(pipelineId);
    const hasRecord = isUnknown(status) && (await ports.configs.read(pipelineId)) !== undefined;
    const judged = readiness(pipelineId, status, hasRecord);
    if (judged.kind === 'ready') return judged.status;
    if (judged.kind === 'refused') throw judged.refused;
    if (ports.clock.nowMs() >= untilMs) {
      throw new Refused(
        'NotReady',
        `pipeline ${pipelineId} is still ${judged.phase} after ${PATIENCE_MS / 1000} s — try again when its status is Active`,
      );
    }
    await ports.clock.sleep(LOOK_MS);
  }
}
