import { newWalk, type Walk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { HIDDEN_SECONDS, redrivePipeline } from '../redrive-pipeline.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { type Stood, walkPipelines } from '../walk-pipelines.ts';

/** Between two looks for letters that are out of sight. */
const LOOK_AGAIN_MS = 30_000;

/** Sends the dead letters that were born under the release again: they get what comes after it, once. */
export async function redriveDeadLetters(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports } = turn;
  const { missingSinceMs = ports.clock.nowMs(), ...seen } = state;
  const waits = ports.clock.nowMs() < missingSinceMs + HIDDEN_SECONDS * 1000;
  let redriven = record.redriven ?? 0;
  // A page with letters left is looked at once more: what was sent is no longer there.
  const left: { page?: Walk; afterMs: number } = { afterMs: 0 };
  const { walk, isOver } = await walkPipelines(
    turn,
    record.walk ?? newWalk(ports.clock.nowMs()),
    async (page, before) => {
      for (const one of page.filter((each) => hadIt(each, record.codeKey, record.version))) {
        const answer = await redrivePipeline(one.status, record.version, ports, turn.untilMs);
        redriven += answer.sent;
        const isHidden = answer.left === 'hidden' && waits;
        if (isHidden) left.afterMs = LOOK_AGAIN_MS;
        if (isHidden || answer.left === 'time') left.page = before;
      }
      return before;
    },
    () => left.page === undefined,
  );
  if (left.page !== undefined) {
    await turn.change({ walk: left.page, redriven });
    return again({ ...state, missingSinceMs }, left.afterMs);
  }
  if (!isOver) {
    await turn.change({ walk, redriven });
    return again(seen, 0);
  }
  await turn.change({ walk: undefined, redriven, returned: true });
  return next(state, 'done');
}

/** Whether a pipeline had the release and has it no longer. */
function hadIt({ status, standing }: Stood, codeKey: string, version: string): boolean {
  const { formerCode } = status;
  return standing !== 'apart' && formerCode?.key === codeKey && formerCode.version === version;
}
