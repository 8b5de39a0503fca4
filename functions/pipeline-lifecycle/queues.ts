import type { QueueState } from '../../aws/ports.ts';
import { QUEUE_NAME_BLOCKED_SECONDS } from '../../core/aws-limits.ts';
import { defersRetention, queueChange } from '../../core/lifecycle/differences.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../core/lifecycle/rest.ts';
import type { Memo } from '../../core/lifecycle/state.ts';
import { deadLetterQueueSpec, type QueueSpec, queueSpec } from '../../core/lifecycle/target.ts';
import { isOurs } from '../../core/names.ts';
import { NotOurs } from './not-ours.ts';
import { notThere } from './not-there.ts';
import { type Turn, targetOfRun } from './turn.ts';

/** Makes sure of both queues, dead letters first, and of every attribute that may change now. */
export async function makeQueues(turn: Turn): Promise<Memo> {
  const { pipelineId, settings } = turn;
  const { wanted } = targetOfRun(turn);
  const deadLetters = await makeQueue(turn, deadLetterQueueSpec(pipelineId, settings.stage));
  const queue = await makeQueue(turn, queueSpec(wanted, settings.stage, deadLetters.arn));
  return { queueUrl: queue.url, queueArn: queue.arn, deadLetterQueueUrl: deadLetters.url };
}

async function makeQueue(turn: Turn, spec: QueueSpec): Promise<QueueState> {
  const { queues } = turn.ports;
  const url = (await adopt(turn, spec.name)) ?? (await create(turn, spec));
  const actual = await queues.read(url);
  // SQS may not know a new queue everywhere for a second.
  if (actual === undefined) return notThere(turn, `the queue ${spec.name} was not there`);
  const change = queueChange(spec, actual, 'before', isEmpty(actual.counts));
  const raises =
    change?.visibilityTimeoutSeconds !== undefined && outlives(turn, actual.visibilityTimeoutSeconds);
  // Remembered before it is done, so that the wait behind it is not lost with an attempt.
  if (raises && !turn.memo.raises) throw new NotYet(1, {}, { raises: true });
  if (change && (await queues.change(url, change)) === 'gone') {
    notThere(turn, `the queue ${spec.name} was not there`);
  }
  if (turn.memo.raises && spec.redrive !== undefined) waitForRaise(turn);
  return actual;
}

/** Until the new timeout has reached all of SQS a message would come back while its task still runs. */
function waitForRaise({ ports, settings, wait }: Turn): void {
  const nowMs = ports.clock.nowMs();
  const sinceMs = wait.sinceMs ?? nowMs;
  const leftMs = sinceMs + settings.timings.policyPropagationSeconds * 1000 - nowMs;
  if (leftMs > 0) throw new NotYet(leftMs / 1000, { sinceMs });
}

/** Whether a task of this run's function could run longer than a message is hidden now. */
function outlives(turn: Turn, visibilityTimeoutSeconds: number): boolean {
  return targetOfRun(turn).wanted.timeoutSeconds > visibilityTimeoutSeconds;
}

/** The queue of this name if there is one; it must carry our tags. */
async function adopt(turn: Turn, name: string): Promise<string | undefined> {
  const url = await turn.ports.queues.find(name);
  if (url === undefined) return undefined;
  const tags = await turn.ports.queues.tags(url);
  if (tags === undefined) return undefined;
  if (!isOurs(tags, turn.settings.stage, turn.pipelineId)) throw new NotOurs('queue', name);
  return url;
}

async function create(turn: Turn, spec: QueueSpec): Promise<string> {
  const { queues, clock } = turn.ports;
  const deletedAtMs = turn.status.deletedAtMs ?? 0;
  const blockedMs = deletedAtMs + QUEUE_NAME_BLOCKED_SECONDS * 1000 - clock.nowMs();
  const answer = await queues.create(spec);
  switch (answer.kind) {
    case 'created':
      return answer.url;
    case 'nameBlocked':
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
      throw new NotYet(blockedMs > 0 ? blockedMs / 1000 + 1 : QUEUE_NAME_BLOCKED_SECONDS / 6);
    case 'differs':
      // Somebody made it since it was looked for: the next round adopts it, or says that it is not ours.
      throw new NotYet(1);
  }
}

/** Lowers what may be lowered only now. A shorter retention waits, if need be for a later run, until the queue is empty. */
export async function finishQueue(turn: Turn): Promise<Memo> {
  const { queues } = turn.ports;
  const { queueUrl } = turn.memo;
  const actual = queueUrl === undefined ? undefined : await queues.read(queueUrl);
  if (queueUrl === undefined || actual === undefined) {
    return notThere(turn, `the queue ${turn.names.queue} was not there`);
  }
  const spec = queueSpec(
    targetOfRun(turn).wanted,
    turn.settings.stage,
    actual.redrive?.deadLetterQueueArn ?? '',
  );
  const empty = isEmpty(actual.counts);
  const change = queueChange(spec, actual, 'after', empty);
  if (change && (await queues.change(queueUrl, change)) === 'gone') {
    notThere(turn, `the queue ${turn.names.queue} was not there`);
  }
  return { deferred: defersRetention(spec, actual) && !empty ? ['messageRetentionSeconds'] : [] };
}

/** The queue and the dead-letter queue of a pipeline that is going, as far as they are there and ours. */
export async function findOwnQueues(
  turn: Turn,
): Promise<{ readonly queue: QueueState | undefined; readonly deadLetters: QueueState | undefined }> {
  return {
    queue: await readOwn(turn, turn.names.queue),
    deadLetters: await readOwn(turn, turn.names.deadLetterQueue),
  };
}

async function readOwn(turn: Turn, name: string): Promise<QueueState | undefined> {
  const url = await turn.ports.queues.find(name);
  if (url === undefined) return undefined;
  const tags = await turn.ports.queues.tags(url);
  if (tags === undefined || !isOurs(tags, turn.settings.stage, turn.pipelineId)) return undefined;
  return turn.ports.queues.read(url);
}
