import type { FunctionState } from '../../aws/ports.ts';
import { functionDifferences } from '../../core/lifecycle/differences.ts';
import { failed, NotYet, type StepResult } from '../../core/lifecycle/outcome.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { functionSpec } from '../../core/lifecycle/target.ts';
import { isOurs } from '../../core/names.ts';
import { NotOurs } from './not-ours.ts';
import { notThere } from './not-there.ts';
import { readCode } from './read-code.ts';
import { restForCode } from './rest-for-code.ts';
import { type Turn, targetOfRun } from './turn.ts';

/**
 * Makes sure of the function and its configuration, without its code.
 * @returns the function, ready; or what the step has to answer instead
 */
export async function makeFunction(turn: Turn): Promise<FunctionState | StepResult> {
  const target = targetOfRun(turn);
  const spec = functionSpec(target, turn.settings.consumers);
  // A first run's function is most likely not there: making it says so as well as a read would.
  const isFirst = turn.run.kind === 'create' && turn.memo.codeSha256 === undefined && !turn.wait.seen;
  const actual = isFirst ? undefined : await readOwnFunction(turn);
  if (actual === undefined) return createFunctionAnew(turn);
  const unready = await waitUntilReady(turn, actual);
  if (unready) return unready;
  // After a failed update Lambda may show settings that are not in force: they are sent again.
  if (functionDifferences(spec, actual).length === 0 && actual.lastUpdate !== 'Failed') return actual;
  await restForCode(turn);
  const answer = await turn.spend((permit) => turn.ports.functions.configure(spec, permit));
  if (answer === 'gone') notThere(turn, `the function ${spec.name} was not there`);
  // Done or busy: either way an update is in progress, and the next round looks at how it went.
  throw new NotYet(poll(turn), { sent: answer === 'done' });
}

async function createFunctionAnew(turn: Turn): Promise<StepResult> {
  const target = targetOfRun(turn);
  const { code } = target;
  const spec = functionSpec(target, turn.settings.consumers);
  const nowMs = turn.ports.clock.nowMs();
  const answer = await turn.spend((permit) => turn.ports.functions.create(spec, code, permit));
  switch (answer.kind) {
    case 'created':
      throw new NotYet(poll(turn), { sent: true }, { codeSha256: answer.codeSha256, codeSentMs: nowMs });
    case 'exists':
      throw new NotYet(1, { seen: true });
    case 'notReady':
      // A new role may not be assumable for some seconds.
      return notThere(turn, `Lambda could not assume the consumers' role ${spec.roleArn}`, 5);
    case 'noCode':
      return codeIsGone(turn);
  }
}

/** Makes sure that the function runs the target's release. */
export async function makeCode(turn: Turn, actual: FunctionState): Promise<StepResult> {
  const target = targetOfRun(turn);
  const { code } = target;
  const { applied, codeSha256 } = turn.status;
  const sent = turn.memo.codeSha256;
  const inForce = actual.lastUpdate !== 'Failed';
  if (inForce && sent !== undefined && sent === actual.codeSha256) return { kind: 'done' };
  const spec = functionSpec(target, turn.settings.consumers);
  const known =
    applied?.code.key === code.key &&
    applied.code.version === code.version &&
    actual.architecture === spec.architecture;
  if (inForce && sent === undefined && known && codeSha256 === actual.codeSha256)
    return { kind: 'done', memo: { codeSha256 } };
  if (!(await isStillAdmitted(turn))) return { kind: 'restart' };
  await restForCode(turn);
  const deadLettersBefore = await countDeadLetters(turn);
  const codeSentMs = turn.ports.clock.nowMs();
  const answer = await turn.spend((permit) => turn.ports.functions.updateCode(spec, code, permit));
  switch (answer.kind) {
    case 'done':
      throw new NotYet(
        poll(turn),
        { sent: true },
        {
          codeSha256: answer.codeSha256,
          codeSentMs,
          ...(deadLettersBefore === undefined ? {} : { deadLettersBefore }),
        },
      );
    case 'busy':
      throw new NotYet(poll(turn));
    case 'gone':
      return notThere(turn, `the function ${spec.name} was not there`);
    case 'noCode':
      return codeIsGone(turn);
  }
}

/**
 * Whether the release is still the one for this pipeline. A run may have waited minutes for its turn since it
 * decided, and a release that was taken back or replaced meanwhile is to reach nobody any more.
 */
async function isStillAdmitted({ ports, settings, status, run }: Turn): Promise<boolean> {
  const target = run.target;
  if (target === undefined || target.wanted.codeVersion !== undefined) return true;
  const admitted = await readCode(target.wanted, status, ports, settings);
  return admitted.kind === 'none' || admitted.code.version === target.code.version;
}

/** So that a rollback can tell which dead letters the new code has made. */
async function countDeadLetters({ ports, status, memo }: Turn): Promise<number | undefined> {
  const url = memo.deadLetterQueueUrl ?? status.deadLetterQueueUrl;
  const queue = url === undefined ? undefined : await ports.queues.read(url);
  return queue && messagesIn(queue.counts);
}

/** The pipeline's function if it is there; it must carry our tags. */
export async function readOwnFunction(turn: Turn): Promise<FunctionState | undefined> {
  const actual = await turn.ports.functions.read(turn.names.function);
  if (actual && !isOurs(actual.tags, turn.settings.stage, turn.pipelineId)) {
    throw new NotOurs('function', turn.names.function);
  }
  return actual;
}

/** Waits while the function is being made or changed; says so if what this step sent has failed. */
export async function waitUntilReady(turn: Turn, actual: FunctionState): Promise<StepResult | undefined> {
  if (actual.state === 'Pending' || actual.lastUpdate === 'InProgress') throw new NotYet(poll(turn));
  if (actual.state === 'Failed' && turn.wait.sent) {
    return failed(
      'FunctionFailed',
      `Lambda could not make the function: ${actual.stateReason ?? 'no reason given'}`,
    );
  }
  if (actual.state === 'Failed') {
    // From an earlier run. Such a function never gets well: it can only be made anew.
    await turn.spend((permit) => turn.ports.functions.delete(turn.names.function, permit));
    throw new NotYet(1);
  }
  if (actual.lastUpdate === 'Failed' && turn.wait.sent) {
    return failed(
      'FunctionFailed',
      `Lambda could not change the function: ${actual.lastUpdateReason ?? 'no reason given'}`,
    );
  }
  return undefined;
}

function codeIsGone(turn: Turn): StepResult {
  const { code } = targetOfRun(turn);
  return failed(
    'CodeGone',
    `version ${code.version} of ${code.key} is no longer in the code bucket — upload it again, or pin a codeVersion that is there`,
  );
}

function poll(turn: Turn): number {
  return turn.settings.timings.functionPollSeconds;
}
