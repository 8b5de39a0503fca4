import { ceilingOver } from '../../core/lifecycle/ceiling.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { type Turn, targetOfRun } from './turn.ts';

/**
 * Lets no task run while the function changes, where the stage asks for it: the mapping is switched off, and
 * what runs is waited for, at most as long as a call can take. On AWS a call that runs goes on with the code it
 * started with, so nothing of this is needed there; an emulator may end it in the middle.
 * @throws {NotYet} until nothing runs
 */
export async function restForCode(turn: Turn): Promise<void> {
  const { settings, memo, wait, ports, status } = turn;
  const id = memo.mappingId ?? status.eventSourceMappingId;
  if (!settings.restsForCode || memo.atRest || id === undefined) return;
  const pollSeconds = settings.timings.mappingPollAgainSeconds;

  const mapping = await turn.spend((permit) => ports.mappings.read(id, permit));
  if (mapping === undefined || mapping.state === 'Deleting') return;
  if (mapping.state === 'Enabled') {
    await turn.spend((permit) => ports.mappings.change(id, { enabled: false }, permit));
  }
  if (mapping.state !== 'Disabled') throw new NotYet(pollSeconds);

  const sinceMs = wait.sinceMs ?? ports.clock.nowMs();
  const longestMs = ceilingOver(status, targetOfRun(turn)).timeoutSeconds * 1000;
  const queue = status.queueUrl === undefined ? undefined : await ports.queues.read(status.queueUrl);
  const runs = queue !== undefined && queue.counts.inFlight > 0;
  // What is in flight longer than that has failed, and waits for its visibility timeout.
  if (runs && ports.clock.nowMs() < sinceMs + longestMs) throw new NotYet(1, { sinceMs });
}

/**
 * Switches the mapping on again, of a pipeline that ran and is to run. By what is, not by what this run
 * remembers: an attempt that crashed right after it had switched it off remembers nothing.
 * @throws {NotYet} until it is on
 */
export async function wakeAfterCode(turn: Turn): Promise<void> {
  const { memo, ports, status, settings } = turn;
  const id = memo.mappingId ?? status.eventSourceMappingId;
  const runs = status.applied?.enabled === true && targetOfRun(turn).enabled;
  if (!settings.restsForCode || memo.atRest || id === undefined || !runs) return;
  const mapping = await turn.spend((permit) => ports.mappings.read(id, permit));
  if (mapping === undefined || mapping.state === 'Enabled' || mapping.state === 'Deleting') return;
  if (mapping.state === 'Disabled') {
    await turn.spend((permit) => ports.mappings.change(id, { enabled: true }, permit));
  }
  throw new NotYet(settings.timings.mappingPollAgainSeconds);
}
