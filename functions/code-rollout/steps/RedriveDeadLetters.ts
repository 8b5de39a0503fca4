import { newWalk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { redrivePipeline } from '../redrive-pipeline.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { type Stood, walkPipelines } from '../walk-pipelines.ts';

/** Sends the dead letters that were born under the release again: they get what comes after it, once. */
export async function redriveDeadLetters(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports } = turn;
  let redriven = record.redriven ?? 0;
  let unfinished = false;
  const begun = record.walk ?? newWalk(ports.clock.nowMs());
  const { walk, isOver } = await walkPipelines(
    turn,
    begun,
    async (page, before) => {
      for (const one of page.filter((each) => hadIt(each, record.codeKey, record.version))) {
        const { sent, isDone } = await redrivePipeline(one.status, record.version, ports, turn.untilMs);
        redriven += sent;
        unfinished ||= !isDone;
      }
      return before;
    },
    () => !unfinished,
  );
  if (unfinished) {
    // The same page once more: what was sent is no longer there.
    await turn.change({ walk: begun, redriven });
    return again(state, 0);
  }
  if (!isOver) {
    await turn.change({ walk, redriven });
    return again(state, 0);
  }
  await turn.change({ walk: undefined, redriven, returned: true });
  return next(state, 'done');
}

/** Whether a pipeline had the release and has it no longer. */
function hadIt({ status, standing }: Stood, codeKey: string, version: string): boolean {
  const { formerCode } = status;
  return standing !== 'apart' && formerCode?.key === codeKey && formerCode.version === version;
}
