import pLimit from 'p-limit';
import { readLine } from '../../aws/release-lines.ts';
import { executionName } from '../../core/config-change.ts';
import { configHash } from '../../core/config-hash.ts';
import { configRecordSchema } from '../../core/config-record/schema.ts';
import type { ReleaseLine } from '../../core/release/line.ts';
import type { Counts, Walk } from '../../core/release/record.ts';
import { type Standing, standingOf } from '../../core/release/standing.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { RolloutTurn } from './rollout-turn.ts';

/** Status records read in one call, and what is done at once with them. */
const PAGE = 100;
const PARALLEL = 8;

/** A pipeline and where it stands. */
export interface Stood {
  readonly status: StatusRecord;
  readonly standing: Standing;
}

/** What to do with a page of pipelines; answers the walk with what it has seen. */
export type Visit = (page: readonly Stood[], walk: Walk, line: ReleaseLine) => Promise<Walk>;

/**
 * Goes on with a walk over all pipelines until it is over, its time is, or `mayGoOn` says so. Where it stands
 * is in the walk, which the caller keeps in the release record.
 */
export async function walkPipelines(
  turn: RolloutTurn,
  from: Walk,
  visit: Visit,
  mayGoOn: (walk: Walk) => boolean = () => true,
): Promise<{ readonly walk: Walk; readonly isOver: boolean }> {
  const { ports, record, untilMs } = turn;
  const { line } = await readLine(record.codeKey, ports);
  let walk = from;
  do {
    const page = await ports.statuses.page(walk.cursor, PAGE);
    const nowMs = ports.clock.nowMs();
    const limit = pLimit(PARALLEL);
    const stood = await Promise.all(
      page.items.map((status) => limit(() => standOf(turn, status, line, nowMs))),
    );
    const visited = await visit(stood, walk, line);
    const { cursor: _before, ...rest } = visited;
    walk = { ...rest, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
    if (page.cursor === undefined) return { walk, isOver: true };
  } while (ports.clock.nowMs() < untilMs && mayGoOn(walk));
  return { walk, isOver: false };
}

/** Where a pipeline stands; one that waits for code is asked whether for this key. */
async function standOf(
  { ports, record }: RolloutTurn,
  status: StatusRecord,
  line: ReleaseLine,
  nowMs: number,
): Promise<Stood> {
  const standing = standingOf(status, record.codeKey, line, nowMs, record.version);
  if (standing !== 'askRecord') return { status, standing };
  const config = await ports.configs.read(status.pipelineId);
  const codeKey = configRecordSchema.shape.codeKey.safeParse(config?.codeKey);
  const asks = config !== undefined && codeKey.data === record.codeKey;
  return { status, standing: asks ? 'due' : 'apart' };
}

/** Counts how many stand where. */
export function countStood(counts: Counts, page: readonly Stood[]): Counts {
  const sum = { ...counts };
  for (const { standing } of page) {
    if (standing !== 'apart' && standing !== 'askRecord') sum[standing] += 1;
  }
  return sum;
}

/**
 * Starts a run for each, which reads for itself what is admitted to its pipeline. Once in a walk, however often
 * a step of it is repeated.
 */
export async function tell(
  { ports, record }: RolloutTurn,
  due: readonly Stood[],
  walk: Walk,
): Promise<number> {
  const limit = pLimit(PARALLEL);
  const cause = `code-${configHash([record.codeKey, record.version])}-${walk.startedMs}`;
  const told = await Promise.all(
    due.map(({ status: { pipelineId } }) =>
      limit(() =>
        ports.executions.start(executionName(pipelineId, cause), {
          pipelineId,
          verify: false,
          reason: `release ${record.version}`,
        }),
      ),
    ),
  );
  return told.length;
}

/** Runs are started so far ahead of the budget that it never idles, and no further: an edit's run is not one among thousands. */
const LEAD_MS = 5_000;

/** When the budget will have served all that were told, epoch milliseconds. */
export function servedMs(walk: Walk, perSecond: number): number {
  return walk.startedMs + (walk.told / perSecond) * 1000;
}

/** How long to wait before telling more; 0: none. */
export function restMs(walk: Walk, perSecond: number, nowMs: number): number {
  return Math.max(0, servedMs(walk, perSecond) - LEAD_MS - nowMs);
}
