import { AwsError } from '../../../aws/errors.ts';
import type { FunctionState } from '../../../aws/ports.ts';
import type { FunctionSpec } from '../../../core/lifecycle/target.ts';
import { trialFunction, trialTags } from '../../../core/names.ts';
import { checkArchive, type Trial, trialProblem } from '../../../core/release/package.ts';
import { type ReleaseRecord, releaseFingerprint } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import { ComeBack, next, type RolloutTurn } from '../rollout-turn.ts';
import { reject } from './CheckRelease.ts';

const TRIAL_TIMEOUT_SECONDS = 60;
const TRIAL_MEMORY_MB = 512;
/** A new role may not be assumable for some seconds; after this long it is something else. */
const ROLE_READY_WITHIN_MS = 120_000;

/**
 * Runs the release once, on a function of its own that is gone afterwards, before any pipeline gets it. After
 * a crash in between it is run once more.
 */
export async function tryRelease(turn: RolloutTurn): Promise<RolloutState> {
  const { state } = turn;
  const problem = state.trial ?? trialProblem(await runTrial(turn)) ?? '';
  await deleteTrial(turn, problem);
  return problem === '' ? next(state, 'done') : reject(turn, problem);
}

async function runTrial(turn: RolloutTurn): Promise<Trial> {
  const { record, ports, settings } = turn;
  const name = trialName(record, settings);
  const actual = await ports.functions.read(name);
  const isOurs = actual !== undefined && isOurTrial(actual, trialTags(settings.stage, fingerprint(record)));
  if (isOurs && actual.state !== 'Active') {
    // The zip is large: it is read only where it is needed, and not each time that somebody looks.
    if (actual.state === 'Pending') throw pollAgain(turn);
    return { kind: 'refused', reason: actual.stateReason ?? `the function is ${actual.state}` };
  }
  const archive = await ports.code.archive(record.codeKey, record.version);
  if (archive === undefined) return { kind: 'refused', reason: 'its object is gone from the code bucket' };
  const checked = checkArchive(archive, settings.consumers, settings.rollout);
  // Bad code is found by CheckRelease: here a change of the stage's settings has come in between.
  if (checked.kind === 'rejected') return { kind: 'refused', reason: 'its zip no longer suits the stage' };
  if (actual === undefined) {
    const spec = trialSpec(record, settings, checked.smokeEnvironment);
    return { kind: 'refused', reason: await createTrial(turn, spec) };
  }
  if (!isOurs) throw new Error(`the function ${name} is somebody else's: delete or rename it`);

  const answer = await ports.functions.invoke(name, checked.smokeEvent);
  if (answer.kind === 'returned' || answer.kind === 'failed') return answer;
  throw pollAgain(turn);
}

/**
 * Answers why Lambda does not take the code.
 * @throws {ComeBack} where it does
 */
async function createTrial(turn: RolloutTurn, spec: FunctionSpec): Promise<string> {
  const { record, ports, state } = turn;
  const code = { key: record.codeKey, version: record.version };
  try {
    const answer = await turn.spend((permit) => ports.functions.create(spec, code, permit));
    if (answer.kind === 'noCode') return 'its object is gone from the code bucket';
    if (answer.kind !== 'notReady') throw pollAgain(turn);
  } catch (error) {
    // What Lambda says no to for good, for instance a zip that it cannot read.
    if (error instanceof AwsError && !error.retryable) return error.reason;
    throw error;
  }
  const nowMs = ports.clock.nowMs();
  const missingSinceMs = state.missingSinceMs ?? nowMs;
  if (nowMs - missingSinceMs > ROLE_READY_WITHIN_MS) {
    throw new Error(`Lambda could not assume the consumers' role ${spec.roleArn}`);
  }
  throw new ComeBack(5, { missingSinceMs });
}

/** @throws {ComeBack} with what the trial came to, so that it is not run again for want of budget */
async function deleteTrial(turn: RolloutTurn, trial: string): Promise<void> {
  const { record, ports, settings } = turn;
  const name = trialName(record, settings);
  const actual = await ports.functions.read(name);
  // A trial that was refused may have made none: one of this name can still be somebody else's.
  if (actual === undefined || !isOurTrial(actual, trialTags(settings.stage, fingerprint(record)))) return;
  try {
    const answer = await turn.spend((permit) => ports.functions.delete(name, permit));
    if (answer === 'busy') throw pollAgain(turn);
  } catch (error) {
    if (error instanceof ComeBack) throw new ComeBack(error.afterSeconds, { ...error.changes, trial });
    throw error;
  }
}

function pollAgain({ settings }: RolloutTurn): ComeBack {
  return new ComeBack(settings.timings.functionPollSeconds);
}

function fingerprint({ codeKey: key, version }: ReleaseRecord): string {
  return releaseFingerprint({ key, version });
}

function trialName(record: ReleaseRecord, settings: StageSettings): string {
  return trialFunction(settings.stage, fingerprint(record));
}

function isOurTrial({ tags }: FunctionState, own: FunctionSpec['tags']): boolean {
  return Object.entries(own).every(([tag, value]) => tags[tag] === value);
}

function trialSpec(
  record: ReleaseRecord,
  { consumers, stage }: StageSettings,
  smokeEnvironment: Readonly<Record<string, string>>,
): FunctionSpec {
  const { roleArn, handler, runtime, architecture, layers, tracing, logGroup } = consumers;
  return {
    name: trialFunction(stage, fingerprint(record)),
    roleArn,
    handler,
    runtime,
    architecture,
    timeoutSeconds: TRIAL_TIMEOUT_SECONDS,
    memoryMb: TRIAL_MEMORY_MB,
    environment: {
      ...smokeEnvironment,
      SLUICE_STAGE: stage,
      SLUICE_PIPELINE_ID: 'trial',
      SLUICE_MAX_ATTEMPTS: '1',
    },
    layers,
    subnetIds: consumers.subnetIds,
    securityGroupIds: consumers.securityGroupIds,
    tracing,
    logGroup,
    tags: trialTags(stage, fingerprint(record)),
  };
}
