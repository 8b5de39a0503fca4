import { changeLine } from '../../../aws/release-lines.ts';
import { rollBack as takeBack } from '../../../core/release/line.ts';
import { newWalk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { next, type RolloutTurn } from '../rollout-turn.ts';

/** From now on nobody is to have the release any more; those who have it go back in the next step. */
export async function rollBack(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports } = turn;
  // The record first: who comes after a crash in between, or stops the rollout by hand, finds it decided.
  ports.metrics.count('ReleasesStopped', 1, { codeKey: record.codeKey });
  await turn.change({
    state: 'RolledBack',
    returned: false,
    walk: newWalk(ports.clock.nowMs()),
    expectedEnd: undefined,
  });
  await changeLine(record.codeKey, ports, (now) => takeBack(now, record.version));
  return next(state, 'done');
}
