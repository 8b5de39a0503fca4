import pLimit from 'p-limit';
import type { Ports } from '../../../aws/ports.ts';
import { type AdmittedRelease, releaseFact } from '../../../core/code-release.ts';
import { codeRunName, needsRelease, type RolloutState } from '../../../core/code-rollout.ts';
import { configRecordSchema } from '../../../core/config-record/schema.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import type { StatusRecord } from '../../../core/status-record.ts';

/** Pipelines looked at in one attempt, and how many at once. */
const SLICE = 100;
const PARALLEL_LOOKS = 8;

/**
 * One slice of the walk over all pipelines: starts a run for each that has another version of the code. The
 * runs read the admitted release themselves. They are started no faster than the control-plane budget
 * can serve them, so that an edit's run is not one among thousands. What is missed, the reconciler finds.
 */
export async function syncPipelines(
  state: RolloutState,
  ports: Ports,
  settings: StageSettings,
): Promise<RolloutState> {
  const { key, version, cursor: at, ...rest } = state;
  const fact = await ports.ledgers.read(releaseFact(key));
  if ((fact?.value as AdmittedRelease | undefined)?.version !== version) {
    ports.log.info('superseded', { key, version });
    return { ...state, outcome: 'superseded' };
  }
  const page = await ports.statuses.page(at, SLICE);
  const limit = pLimit(PARALLEL_LOOKS);
  const told = await Promise.all(page.items.map((status) => limit(() => tell(status, state, ports))));
  const startedNow = told.filter(Boolean).length;
  const next = { ...rest, key, version, started: state.started + startedNow };
  if (page.cursor === undefined) {
    ports.log.info('rolled out', { key, version, started: next.started });
    return { ...next, outcome: 'done' };
  }
  const afterSeconds = Math.max(1, Math.ceil(startedNow / settings.controlPlanePerSecond));
  return { ...next, cursor: page.cursor, outcome: 'again', afterSeconds };
}

/** Starts the pipeline's run if it needs one; answers whether it did. */
async function tell(status: StatusRecord, release: RolloutState, ports: Ports): Promise<boolean> {
  const { pipelineId } = status;
  const needs = needsRelease(status, release);
  if (needs === 'no' || (needs === 'askRecord' && !(await asksFor(pipelineId, release.key, ports))))
    return false;
  const reason = `code ${release.version}`;
  const input = { pipelineId, verify: false, reason };
  return (await ports.executions.start(codeRunName(pipelineId, release), input)) === 'started';
}

/** Whether the config record, good or bad, names this key. */
async function asksFor(pipelineId: string, key: string, ports: Ports): Promise<boolean> {
  const record = await ports.configs.read(pipelineId);
  const codeKey = configRecordSchema.shape.codeKey.safeParse(record?.codeKey);
  return record !== undefined && codeKey.data === key;
}
