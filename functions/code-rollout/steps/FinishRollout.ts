import { changeLine } from '../../../aws/release-lines.ts';
import { finish } from '../../../core/release/line.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { next, type RolloutTurn } from '../rollout-turn.ts';

/** Everybody has it: from now on it is what a new pipeline gets, and what a rollback goes back to. */
export async function finishRollout(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports } = turn;
  const line = await changeLine(record.codeKey, ports, (now) => finish(now, record.version));
  if (line === undefined) return next(state, 'over');
  await turn.change({ state: 'Done', walk: undefined, expectedEnd: undefined });
  return next(state, 'done');
}
