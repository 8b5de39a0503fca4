import type { MappingState } from '../../aws/ports.ts';
import { ceilingOver, paceChangeOver } from '../../core/lifecycle/ceiling.ts';
import { type MappingSettings, mappingChange } from '../../core/lifecycle/differences.ts';
import { done, NotYet, type StepResult } from '../../core/lifecycle/outcome.ts';
import type { Memo } from '../../core/lifecycle/state.ts';
import { type MappingSpec, mappingSpec } from '../../core/lifecycle/target.ts';
import { notThere } from './not-there.ts';
import { reserveConcurrency } from './steps/ReserveConcurrency.ts';
import { longestTaskEndsMs, type Turn, targetOfRun } from './turn.ts';

/** Makes sure of the event source mapping, and that it is Enabled (or Disabled, if it is to rest). */
export async function makeMapping(turn: Turn): Promise<StepResult> {
  const target = targetOfRun(turn);
  const spec = mappingSpec(target, turn.settings.stage, await queueArn(turn));
  const id = turn.memo.mappingId ?? turn.status.eventSourceMappingId;
  if (id === undefined) return createMappingAnew(turn, spec);

  if (turn.memo.atRest && !turn.wait.sent) return wake(turn, id, spec);
  // What is remembered is as good as a read, which would cost a call, unless the last run went astray.
  const { applied } = turn.status;
  const remembered = applied && mappingSpec(applied, turn.settings.stage, spec.queueArn);
  if (!turn.run.verify && remembered && turn.memo.mappingId === undefined) {
    return mappingChange(spec, remembered) === undefined
      ? settled(turn, id)
      : change(turn, id, spec, mappingChange(spec, remembered) ?? {});
  }

  const actual = await turn.spend((permit) => turn.ports.mappings.read(id, permit));
  if (actual === undefined || actual.state === 'Deleting') {
    // One that is being deleted is never adopted: a new one can be made when it is gone.
    return createMappingAnew(turn, spec);
  }
  if (!isSteady(actual)) throw new NotYet(pollAgain(turn), { sent: true }, { mappingId: id });
  const difference = mappingChange(spec, actual);
  return difference === undefined ? settled(turn, id) : change(turn, id, spec, difference);
}

/**
 * Switches on, with all that is wanted of it, what this run has switched off: without a read, which would need a turn of
 * its own while nothing runs.
 */
async function wake(turn: Turn, id: string, spec: MappingSpec): Promise<StepResult> {
  // It lets two calls run as soon as it is on: one at a time must hold before that.
  const reserved = await reserveConcurrency(turn);
  if (reserved.kind !== 'done') return reserved;
  const { enabled, maximumConcurrency, batchSize, batchWindowSeconds, partialFailures } = spec;
  return change(turn, id, spec, {
    enabled,
    maximumConcurrency,
    batchSize,
    batchWindowSeconds,
    partialFailures,
  });
}

async function createMappingAnew(turn: Turn, spec: MappingSpec): Promise<StepResult> {
  // A new mapping lets two tasks run as soon as it is Enabled: one at a time must hold before that.
  const reserved = await reserveConcurrency(turn);
  if (reserved.kind !== 'done') return reserved;
  const answer = await turn.spend((permit) => turn.ports.mappings.create(spec, permit));
  switch (answer.kind) {
    case 'created':
      return waitFor(turn, answer.mapping);
    case 'exists': {
      const { id } = answer;
      const found =
        id ??
        (await turn.spend((permit) => turn.ports.mappings.find(spec.functionName, spec.queueArn, permit)))
          ?.id;
      throw new NotYet(firstPoll(turn), {}, found === undefined ? {} : { mappingId: found });
    }
    case 'notReady':
      return notThere(turn, `the mapping could not be made: ${answer.reason}`, 5);
  }
}

async function change(
  turn: Turn,
  id: string,
  spec: MappingSpec,
  settings: Partial<MappingSettings>,
): Promise<StepResult> {
  const answer = await turn.spend((permit) => turn.ports.mappings.change(id, settings, permit));
  switch (answer.kind) {
    case 'done':
      return waitFor(turn, answer.mapping);
    case 'inUse':
      throw new NotYet(firstPoll(turn), {}, { mappingId: id });
    case 'gone':
      return createMappingAnew(turn, spec);
  }
}

/** Done at once where the answer already says so; else a look or two later. */
function waitFor(turn: Turn, mapping: MappingState): StepResult {
  if (isSteady(mapping)) return settled(turn, mapping.id);
  throw new NotYet(firstPoll(turn), { sent: true }, { mappingId: mapping.id });
}

function isSteady(mapping: MappingState): boolean {
  return mapping.state === 'Enabled' || mapping.state === 'Disabled';
}

/**
 * The mapping is as wanted. Where a limit was lowered, tasks that started under a larger one may still be
 * running, also of a consumer that is paused by now: the run settles only once the longest must be over.
 */
function settled(turn: Turn, id: string): StepResult {
  // Who has rested has waited for them.
  if (turn.memo.atRest) return done({ mappingId: id, atRest: false });
  const memo: Memo = { mappingId: id };
  const target = targetOfRun(turn);
  const takesLease = target.lease === true && turn.status.applied?.lease !== true;
  const lowered =
    target.wanted.concurrency < ceilingOver(turn.status, target).concurrency ||
    paceChangeOver(turn.status, target).kind === 'settleLate' ||
    // What has started without a lease knows of none.
    (takesLease && turn.status.applied !== undefined);
  return done(lowered ? { ...memo, settleNotBeforeMs: longestTaskEndsMs(turn) } : memo);
}

async function queueArn(turn: Turn): Promise<string> {
  if (turn.memo.queueArn !== undefined) return turn.memo.queueArn;
  const url = turn.status.queueUrl ?? (await turn.ports.queues.find(turn.names.queue));
  const queue = url === undefined ? undefined : await turn.ports.queues.read(url);
  if (queue === undefined) notThere(turn, `the queue ${turn.names.queue} was not there`);
  return queue.arn;
}

function firstPoll(turn: Turn): number {
  return turn.settings.timings.mappingPollSeconds;
}

function pollAgain(turn: Turn): number {
  return turn.settings.timings.mappingPollAgainSeconds;
}

/** The mapping as it is; looked for by its function and queue where nobody remembers its id. */
export async function findMapping(turn: Turn, queueArn: string): Promise<MappingState | undefined> {
  const { mappings } = turn.ports;
  const id = turn.memo.mappingId ?? turn.status.eventSourceMappingId;
  if (id !== undefined) return turn.spend((permit) => mappings.read(id, permit));
  return turn.spend((permit) => mappings.find(turn.names.function, queueArn, permit));
}
