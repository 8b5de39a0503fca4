import { readConsumerLines } from '../../aws/consumer-lines.ts';
import { readFunctionLines } from '../../aws/function-lines.ts';
import { PIPELINE_METRICS, readPipelineMetrics } from '../../aws/pipeline-metrics.ts';
import { curvesOfPoints } from '../../core/curves/from-points.ts';
import { curvesOfTasks } from '../../core/curves/from-tasks.ts';
import { type Grid, gridOf } from '../../core/curves/grid.ts';
import { saysOf } from '../../core/events/says.ts';
import { changesTold } from '../../core/lifecycle/history.ts';
import type { Stage } from '../stage/stage.ts';
import type { ObservingDesk } from '../views/desk.ts';
import type { Curves, StageEvent } from '../views/pipelines.ts';

/** The stage's own functions that do things of which people want to hear. */
const TELLING = [
  'pipeline-lifecycle',
  'hold-listener',
  'reconciler',
  'code-rollout',
  'rollout-control',
  'trigger',
  'burst',
  'burst-listener',
  'redrive',
  'restore-salvage',
];
/** More than anybody reads. */
const EVENTS_MOST = 1_000;
/** Steps of metrics are no shorter. */
const MINUTE_SECONDS = 60;
/** A line comes when its task is over. */
const LONGEST_TASK_MS = 900_000;

/** What a stage writes down of itself: lines of its consumers and functions, and metrics. */
export function createObservingDesk(stage: Stage): ObservingDesk {
  const { ports, clients, isLocal } = stage;
  const linesOf = (pipelineId: string, fromMs: number, toMs: number, pattern?: string) => {
    const options = { logs: clients.logs, stage: stage.stage, logGroup: stage.names.consumerLogs, isLocal };
    return readConsumerLines(options, pipelineId, fromMs, toMs, pattern);
  };
  return {
    logs: (pipelineId, sinceMs) => linesOf(pipelineId, sinceMs, ports.clock.nowMs()),

    async events(sinceMs, pipelineId) {
      const functions = TELLING.map((name) => `sluice-${stage.stage}-${name}`);
      // Of one pipeline only the lines that name it come over; an emulator takes a single word only.
      const pattern = pipelineId === undefined || isLocal ? undefined : `"${pipelineId}"`;
      const lines = await readFunctionLines(clients.logs, functions, sinceMs, pattern);
      return lines
        .flatMap(({ isTrouble, ...told }): StageEvent[] => {
          const says = saysOf(told, isTrouble);
          return says === undefined ? [] : [{ ...told, says, ...changesOf(told.detail) }];
        })
        .filter((event) => pipelineId === undefined || concerns(event, pipelineId))
        .sort((a, b) => b.atMs - a.atMs)
        .slice(0, EVENTS_MOST);
    },

    curves: (pipelineId, minutes) => {
      const nowMs = ports.clock.nowMs();
      return isLocal
        ? curvesFromLines(gridOf(minutes, nowMs, 1), (grid) =>
            linesOf(pipelineId, grid.fromMs, nowMs + LONGEST_TASK_MS),
          )
        : curvesFromMetrics(gridOf(minutes, nowMs, MINUTE_SECONDS), pipelineId, stage, (grid) =>
            linesOf(pipelineId, grid.fromMs, nowMs, REFUSALS),
          );
    },
  };
}

/** Lines of tasks that were refused: few, where reading all of them would be dear. */
const REFUSALS = '?throttled ?refusedAtMs';

type ReadLines = (grid: Grid) => Promise<readonly unknown[]>;

/** Without metrics nobody knows how many waited. */
async function curvesFromLines(grid: Grid, read: ReadLines): Promise<Curves> {
  const { fromMs, stepSeconds, steps } = grid;
  const waiting = new Array<null>(steps).fill(null);
  return { fromMs, stepSeconds, waiting, ...curvesOfTasks(await read(grid), grid) };
}

async function curvesFromMetrics(
  grid: Grid,
  pipelineId: string,
  { clients, stage }: Stage,
  read: ReadLines,
): Promise<Curves> {
  const { fromMs, stepSeconds } = grid;
  const [points, refusals] = await Promise.all([
    readPipelineMetrics(clients.cloudWatch, stage, pipelineId, grid),
    read(grid),
  ]);
  const { throttled } = curvesOfTasks(refusals, grid);
  return { fromMs, stepSeconds, ...curvesOfPoints(PIPELINE_METRICS, points, grid), throttled };
}

function changesOf(detail: StageEvent['detail']): Pick<StageEvent, 'changes' | 'moreChanges'> {
  const { changed = [], moreChanged } = changesTold(detail) ?? {};
  if (changed.length === 0) return {};
  return { changes: changed, ...(moreChanged !== undefined && { moreChanges: moreChanged }) };
}

/** Also what tells of many, where it names this one. */
function concerns({ pipelineId, detail }: StageEvent, wanted: string): boolean {
  if (pipelineId !== undefined) return pipelineId === wanted;
  const { worst } = detail as { readonly worst?: readonly { readonly pipelineId?: string }[] };
  return Array.isArray(worst) && worst.some((one) => one.pipelineId === wanted);
}
