import type { MappingState } from '../../aws/ports.ts';
import { ceilingOver, paceChangeOver } from '../../core/lifecycle/ceiling.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { findMapping } from './mapping.ts';
import { notThere } from './not-there.ts';
import { type Turn, targetOfRun } from './turn.ts';

/**
 * Lets no task run while the way changes in which rate limits are kept, where the old and the new way could not go on
 * side by side: the mapping is switched off, and as long is waited as a call may take. By the clock: a queue's counts
 * are approximate. `makeMapping` switches it on again, with all that is wanted of it.
 * @throws {NotYet} until nothing runs, which is then remembered
 */
export async function restForPace(turn: Turn): Promise<void> {
  const { settings, wait, memo, ports, status } = turn;
  const target = targetOfRun(turn);
  const change = paceChangeOver(status, target);
  if (change.kind !== 'rest' || memo.atRest) return;
  if (wait.restSinceMs === undefined) await switchOff(turn);
  const nowMs = ports.clock.nowMs();
  const restSinceMs = wait.restSinceMs ?? nowMs;
  const longestMs = ceilingOver(status, target).timeoutSeconds * 1000;
  const leftMs = restSinceMs + longestMs + change.quietMs - nowMs;
  // Remembered before anything else is done: what comes next may wait for its turn, too, and is not to begin with this.
  if (leftMs <= 0) throw new NotYet(1, {}, { atRest: true });
  const afterSeconds = Math.min(leftMs / 1000, settings.timings.longestWaitSeconds);
  throw new NotYet(afterSeconds, { restSinceMs, sent: true });
}

/**
 * One call of the control plane at a time: two would each need their turn in one attempt.
 * @throws {NotYet} until no call can start
 */
async function switchOff(turn: Turn): Promise<void> {
  const { ports, settings, status, run, memo, wait } = turn;
  const known = memo.mappingId ?? status.eventSourceMappingId;
  const isOn = wait.seen || (!run.verify && status.applied?.enabled === true);
  if (!wait.sent && isOn && known !== undefined) {
    const answer = await turn.spend((permit) => ports.mappings.change(known, { enabled: false }, permit));
    if (answer.kind === 'gone' || (answer.kind === 'done' && isOff(answer.mapping))) return;
    throw new NotYet(settings.timings.mappingPollSeconds, { sent: answer.kind === 'done', seen: false });
  }
  if (memo.queueArn === undefined) return notThere(turn, `the queue ${turn.names.queue} was not there`);
  const mapping = await findMapping(turn, memo.queueArn);
  if (mapping === undefined || isOff(mapping)) return;
  const isEnabled = mapping.state === 'Enabled';
  throw new NotYet(
    isEnabled ? 1 : settings.timings.mappingPollAgainSeconds,
    { seen: isEnabled, sent: !isEnabled },
    { mappingId: mapping.id },
  );
}

function isOff({ state }: MappingState): boolean {
  return state === 'Disabled' || state === 'Deleting';
}
