import { changeLine } from '../../../aws/release-lines.ts';
import { widen } from '../../../core/release/line.ts';
import { expectedEndMs } from '../../../core/release/plan.ts';
import { newWalk } from '../../../core/release/record.ts';
import type { RolloutState } from '../../../core/release/rollout-state.ts';
import { next, type RolloutTurn } from '../rollout-turn.ts';

/** Lets the release reach the next wave, or says that it has reached everybody. */
export async function openWave(turn: RolloutTurn): Promise<RolloutState> {
  const { state, record, ports, settings: stage, rollout } = turn;
  const { codeKey, version, waves } = record;
  // An attempt that crashed right after it had opened one: nobody has been told of it, let alone watched.
  if (record.wave >= 0 && record.toldAtMs === undefined) return next(state, 'done');
  const number = record.wave + 1;
  const wave = waves[number];
  if (wave === undefined) return next(state, 'finished');
  const line = await changeLine(codeKey, ports, (now) => widen(now, version, wave));
  // Superseded in this very moment: the next step says so.
  if (line === undefined) return next(state, 'done');

  const nowMs = ports.clock.nowMs();
  const opened = { ...record, wave: number, walk: newWalk(nowMs), toldAtMs: undefined };
  const bakeSeconds = record.from === undefined ? 0 : rollout.bakeSeconds;
  const endMs = expectedEndMs(opened, bakeSeconds, stage.controlPlanePerSecond, nowMs);
  await turn.change({
    wave: number,
    state: number === 0 && record.from !== undefined ? 'Canary' : 'Rolling',
    walk: opened.walk,
    toldAtMs: undefined,
    expectedEnd: new Date(endMs).toISOString(),
  });
  return next(state, 'done');
}
