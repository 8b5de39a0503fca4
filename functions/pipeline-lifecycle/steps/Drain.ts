import { again, done, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../../core/lifecycle/rest.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';
import { stopIfWantedAgain } from '../wanted-again.ts';

/** Waits until the consumer has worked off what is there, or until the drain limit. */
export async function drain(turn: Turn): Promise<StepResult> {
  if (turn.run.kind !== 'drain') return done();
  const wantedAgain = await stopIfWantedAgain(turn);
  if (wantedAgain) return wantedAgain;

  const { ports, settings, status, wait } = turn;
  const { queue } = await findOwnQueues(turn);
  if (queue === undefined) return done({ drained: true });
  const nowMs = ports.clock.nowMs();
  const { drainPollSeconds, emptySpanSeconds } = settings.timings;
  if (isEmpty(queue.counts)) {
    // Counts are approximate: empty means empty in every read over a span.
    const emptySinceMs = wait.emptySinceMs ?? nowMs;
    const leftSeconds = emptySpanSeconds - (nowMs - emptySinceMs) / 1000;
    if (leftSeconds <= 0) return done({ drained: true });
    return again(Math.min(drainPollSeconds, leftSeconds), { emptySinceMs });
  }
  const limitMs =
    (status.closing?.sinceMs ?? nowMs) + (status.applied?.wanted.drainTimeoutSeconds ?? 0) * 1000;
  if (nowMs >= limitMs) return done();
  return again(Math.min(drainPollSeconds, (limitMs - nowMs) / 1000));
}
