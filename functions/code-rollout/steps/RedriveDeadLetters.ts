import { HIDDEN_SECONDS } from '../../../core/redrive/progress.ts';
import { newWalk, type Walk } from '../../../core/release/record.ts';
import { buriedByMs } from '../../../core/release/redrive.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { appliedVersion } from '../../../core/release/standing.ts';
import type { FormerCode } from '../../../core/status-record.ts';
import { redrivePipeline } from '../redrive-pipeline.ts';
import { again, next, type RolloutTurn } from '../rollout-turn.ts';
import { type Stood, walkPipelines } from '../walk-pipelines.ts';

/** Letters are out of sight no longer: a crash has hidden them, then perhaps another release's look for its own. */
const HIDDEN_MS = 2 * HIDDEN_SECONDS * 1000;
/** Between two looks for letters that are out of sight. */
const LOOK_AGAIN_MS = 30_000;
/** The longest wait: whoever looks for rollouts without a driver takes a longer silence for one. */
const LONGEST_WAIT_MS = 300_000;

/** Sends the dead letters that were born under the release again: they get what comes after it, once. */
export async function redriveDeadLetters(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports } = turn;
  if (await waitsForAnother(turn)) {
    await turn.change({});
    return again(state, LOOK_AGAIN_MS);
  }
  const { missingSinceMs = ports.clock.nowMs(), unread: unreadBefore = {}, ...seen } = state;
  let unread: Record<string, number> = unreadBefore;
  const waits = ports.clock.nowMs() < missingSinceMs + HIDDEN_MS;
  let redriven = record.redriven ?? 0;
  // A page with letters left, or still to come, is looked at once more: what was sent is no longer there.
  const left: { page?: Walk; afterMs: number; late: boolean } = { afterMs: 0, late: false };
  const { walk, isOver } = await walkPipelines(
    turn,
    record.walk ?? newWalk(ports.clock.nowMs()),
    async (page, before) => {
      const known = unread;
      unread = {};
      for (const one of page) {
        const former = timeWithIt(one, record.codeKey, record.version);
        const { pipelineId } = one.status;
        if (former === undefined) continue;
        if (known[pipelineId] === 0) {
          unread[pipelineId] = 0;
          continue;
        }
        const answer = await redrivePipeline(one.status, former, ports, turn.untilMs, known[pipelineId]);
        redriven += answer.sent;
        const isHidden = answer.left === 'hidden' && waits;
        if (isHidden) left.afterMs = LOOK_AGAIN_MS;
        const lateMs = lateLettersMs(one, former, ports.clock.nowMs());
        if (lateMs > 0) {
          left.late = true;
          left.afterMs = Math.max(left.afterMs, Math.min(lateMs, LONGEST_WAIT_MS));
        }
        if (isHidden || answer.left === 'time' || lateMs > 0) left.page = before;
        // Where letters are still to come, or to come into sight, the next look is a new pass.
        if (!isHidden && lateMs === 0) unread[pipelineId] = answer.unread ?? 0;
      }
      return before;
    },
    () => left.page === undefined,
  );
  if (left.page !== undefined) {
    await turn.change({ walk: left.page, redriven });
    // The time for letters out of sight runs only once no more are born.
    return again({ ...seen, unread, ...(left.late ? {} : { missingSinceMs }) }, left.afterMs);
  }
  if (!isOver) {
    await turn.change({ walk, redriven });
    return again(seen, 0);
  }
  await turn.change({ walk: undefined, redriven, returned: true });
  return next(seen, 'done');
}

/** One release's look at a time, the older's first: what one leaves where it is, it puts out of the other's sight. */
async function waitsForAnother({ record, ports }: RolloutTurn): Promise<boolean> {
  const all = await ports.releases.ofKey(record.codeKey);
  return all.some(
    ({ state, returned, startedAt }) =>
      state === 'RolledBack' && returned !== true && startedAt < record.startedAt,
  );
}

/** For how long tasks of the release may still become dead letters. */
function lateLettersMs({ status: { applied } }: Stood, former: FormerCode, nowMs: number): number {
  if (applied === undefined) return 0;
  return Math.max(0, buriedByMs(former, applied.wanted.visibilityTimeoutSeconds) - nowMs);
}

/** When a pipeline had the release that it has no longer; undefined if it never had it. */
function timeWithIt({ status, standing }: Stood, codeKey: string, version: string): FormerCode | undefined {
  // Had before, perhaps, and again now: it could not be brought back, and would fail them once more.
  if (standing === 'apart' || appliedVersion(status, codeKey) === version) return undefined;
  return status.formerCodes?.find((former) => former.key === codeKey && former.version === version);
}
