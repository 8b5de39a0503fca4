import type { Ports } from '../../aws/ports.ts';
import { readLine } from '../../aws/release-lines.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import type { StepCall } from '../../core/machine-step.ts';
import { isOpen, type ReleaseRecord } from '../../core/release/record.ts';
import { type RolloutState, rolloutStateSchema } from '../../core/release/rollout-state.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { guardPorts } from '../pipeline-lifecycle/turn.ts';
import {
  again,
  ComeBack,
  createRolloutTurn,
  next,
  type RolloutStep,
  type RolloutTurn,
} from './rollout-turn.ts';
import { admitRelease } from './steps/AdmitRelease.ts';
import { beginRollout } from './steps/BeginRollout.ts';
import { checkRelease } from './steps/CheckRelease.ts';
import { finishRollout } from './steps/FinishRollout.ts';
import { movePipelines } from './steps/MovePipelines.ts';
import { openWave } from './steps/OpenWave.ts';
import { redriveDeadLetters } from './steps/RedriveDeadLetters.ts';
import { returnPipelines } from './steps/ReturnPipelines.ts';
import { rollBack } from './steps/RollBack.ts';
import { tryRelease } from './steps/TryRelease.ts';
import { watchWave } from './steps/WatchWave.ts';

/** The steps on the way out, by the name of their state. They end where the release is no longer on its way. */
const OUTWARD: Readonly<Record<string, RolloutStep>> = {
  CheckRelease: checkRelease,
  TryRelease: tryRelease,
  AdmitRelease: admitRelease,
  OpenWave: openWave,
  MovePipelines: movePipelines,
  WatchWave: watchWave,
  FinishRollout: finishRollout,
  RollBack: rollBack,
};

/** The steps on the way back. */
const BACKWARD: Readonly<Record<string, RolloutStep>> = {
  ReturnPipelines: returnPipelines,
  RedriveDeadLetters: redriveDeadLetters,
};

export const ROLLOUT_STEPS: readonly string[] = [
  'BeginRollout',
  ...Object.keys(OUTWARD),
  ...Object.keys(BACKWARD),
];

/** A step stops beginning new work when this share of its time is over: what it has begun has to end. */
const WORK_SHARE = 0.4;

/**
 * Runs one attempt of one step of a rollout.
 * @param deadlineMs when this function must be over, epoch milliseconds
 * @throws only surprises; the state machine retries those
 */
export async function runRolloutStep(
  { step, owner, state: given }: StepCall,
  ports: Ports,
  settings: StageSettings,
  deadlineMs: number,
): Promise<RolloutState> {
  const state = rolloutStateSchema.parse(given);
  const guarded = guardPorts(ports, deadlineMs, settings.timings.callSeconds * 1000);
  try {
    if (step === 'BeginRollout') return await beginRollout(state, owner, guarded, settings);
    const run = Object.hasOwn(OUTWARD, step) ? OUTWARD[step] : BACKWARD[step];
    if (run === undefined) throw new Error(`there is no step ${step}`);
    const record = await guarded.releases.read(state.key, state.version);
    if (record === undefined || record.owner !== owner) return next(state, 'over');
    const nowMs = ports.clock.nowMs();
    const untilMs = nowMs + (deadlineMs - nowMs) * WORK_SHARE;
    const turn = createRolloutTurn(state, record, guarded, settings, untilMs);
    if (Object.hasOwn(OUTWARD, step) && (await isOver(turn, step))) return next(state, 'over');
    return await run(turn);
  } catch (error) {
    // A ticket serves one call: only who is sent away for want of budget brings one back.
    const { ticketMs: _spent, ...rest } = state;
    if (error instanceof ComeBack) return again({ ...rest, ...error.changes }, error.afterSeconds * 1000);
    if (error instanceof NotYet) return again(rest, error.afterSeconds * 1000);
    throw error;
  }
}

/** Steps of a release that no line names yet, or no longer. */
const OFF_LINE = new Set(['CheckRelease', 'TryRelease', 'AdmitRelease', 'RollBack']);

/** A pause opens no further wave; the open one is moved and watched on, and brought back if it is unhealthy. */
const PAUSES_AT = 'OpenWave';

/** Whether the rollout has been ended or stopped by hand, or a newer release has taken its place. */
async function isOver(turn: RolloutTurn, step: string): Promise<boolean> {
  const { record, ports } = turn;
  // An attempt before this one may have crashed right after it had said so.
  if (step === 'RollBack' && record.state === 'RolledBack') return false;
  if (!isOpen(record) || (record.paused && step === PAUSES_AT)) return true;
  if (OFF_LINE.has(step)) return false;
  const { line } = await readLine(record.codeKey, ports);
  // A finished one whose record does not say so yet is the stable one.
  if (line.next?.version === record.version || line.stable === record.version) return false;
  await turn.change(superseded(line.next?.version ?? line.stable));
  return true;
}

/** What becomes of a release whose place another one has taken. */
function superseded(by: string | undefined): Partial<ReleaseRecord> {
  return { state: 'Superseded', reason: `release ${by ?? 'none'} took its place` };
}
