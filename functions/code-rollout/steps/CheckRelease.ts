import { problemMessage } from '../../../core/problems.ts';
import { checkArchive } from '../../../core/release/package.ts';
import type { ReleaseRecord } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { next, type RolloutTurn } from '../rollout-turn.ts';

/** Looks into the zip before anything runs it. */
export async function checkRelease(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, settings } = turn;
  const archive = await ports.code.archive(record.codeKey, record.version);
  if (archive === undefined) return reject(turn, 'its object is no longer in the code bucket');
  const checked = checkArchive(archive, settings.consumers, settings.rollout);
  if (checked.kind === 'rejected') return reject(turn, checked.problems.map(problemMessage).join('; '));
  const { sha256, unzippedBytes } = checked;
  await turn.change({ sha256, unzippedBytes, settings: checked.settings });
  return next(state, 'done');
}

/** No pipeline gets it. */
export async function reject(
  turn: RolloutTurn,
  reason: string,
  changes: Partial<ReleaseRecord> = {},
): Promise<RolloutState> {
  turn.ports.metrics.count('ReleasesStopped', 1, { codeKey: turn.record.codeKey });
  await turn.change({ ...changes, state: 'Rejected', reason });
  return next(turn.state, 'rejected');
}
