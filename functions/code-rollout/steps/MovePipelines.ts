import { newWalk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { countStood, restMs, servedMs, tell, walkPipelines } from '../walk-pipelines.ts';

/** Starts a run for each pipeline of the open wave that has another version, no faster than the budget serves them. */
export async function movePipelines(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, settings } = turn;
  const perSecond = settings.controlPlanePerSecond;
  const nowMs = ports.clock.nowMs();
  const { walk, isOver } = await walkPipelines(
    turn,
    record.walk ?? newWalk(nowMs),
    async (page, before) => {
      const due = page.filter(({ standing }) => standing === 'due');
      const told = before.told + (await tell(turn, due, before));
      return { ...before, told, counts: countStood(before.counts, page) };
    },
    (now) => restMs(now, perSecond, ports.clock.nowMs()) === 0,
  );
  if (!isOver) {
    await turn.change({ walk, counts: walk.counts });
    return again(state, restMs(walk, perSecond, ports.clock.nowMs()));
  }
  // The bake begins when the budget can have served all of the wave, also those whom the reconciler has told.
  const planned = record.waves[record.wave]?.pipelines ?? 0;
  const all = { ...walk, told: Math.max(walk.told, planned) };
  // An execution that took over must not begin the bake anew.
  const toldAtMs = record.toldAtMs ?? Math.max(ports.clock.nowMs(), servedMs(all, perSecond));
  await turn.change({ walk: undefined, counts: walk.counts, toldAtMs });
  return next(state, 'done');
}
