import { newWalk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { countStood, restMs, type Stood, tell, walkPipelines } from '../walk-pipelines.ts';

/** Between two walks, and how long until a run of which nothing is seen is started once more. */
const LOOK_AGAIN_MS = 5_000;
const TELL_AGAIN_MS = 30_000;

/**
 * Brings everybody back who has the release, or is about to get it, paced like the way out. Over when nobody
 * has it any more, except who cannot be changed: those are counted, and the reconciler goes on trying.
 */
export async function returnPipelines(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, settings } = turn;
  const perSecond = settings.controlPlanePerSecond;
  const isFirst = record.walk !== undefined || record.toldAtMs === undefined;
  const sinceMs = ports.clock.nowMs() - (record.toldAtMs ?? 0);
  const tells = isFirst || sinceMs > TELL_AGAIN_MS;
  const { walk, isOver } = await walkPipelines(
    turn,
    record.walk ?? newWalk(ports.clock.nowMs()),
    async (page, before) => {
      const leaving = page.filter((one) => leaves(one, record.codeKey, record.version));
      // Also whoever has kept a release that this one had superseded, and is to have the former one now.
      const due = tells ? page.filter(({ standing }) => standing === 'due') : [];
      const told = before.told + (await tell(turn, due, before));
      return { ...before, told, counts: countStood(before.counts, leaving) };
    },
    (now) => restMs(now, perSecond, ports.clock.nowMs()) === 0,
  );
  if (!isOver) {
    await turn.change({ walk });
    return again(state, restMs(walk, perSecond, ports.clock.nowMs()));
  }
  const { moving, due, failing } = walk.counts;
  const toldAtMs = tells ? ports.clock.nowMs() : record.toldAtMs;
  await turn.change({ walk: undefined, counts: walk.counts, toldAtMs });
  return moving + due + failing > 0 ? again(state, LOOK_AGAIN_MS) : next(state, 'done');
}

/** Whether a pipeline has the release, or a run of it has it in mind. */
function leaves({ status, standing }: Stood, codeKey: string, version: string): boolean {
  if (standing === 'apart' || standing === 'pinned') return false;
  return [status.applied, status.run?.target].some(
    (target) => target?.code.key === codeKey && target.code.version === version,
  );
}
