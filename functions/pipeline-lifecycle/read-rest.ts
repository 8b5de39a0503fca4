import type { Ports } from '../../aws/ports.ts';
import type { Wanted } from '../../core/config-record.ts';
import { type Held, heldFor } from '../../core/lifecycle/hold-rest.ts';
import { mayRest } from '../../core/lifecycle/rest.ts';
import { limitsOf, type Told } from '../../core/lifecycle/target.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';

/** Whether a consumer that is not paused is to rest, and for which hold of its group if it has work. */
export async function readRest(
  told: Told,
  status: StatusRecord | undefined,
  ports: Ports,
  settings: StageSettings,
): Promise<{ readonly rests: boolean; readonly held?: Held }> {
  const { wanted } = told;
  if (wanted.paused) return { rests: false };
  const held = await readHeld(told, status, ports, settings);
  if (held !== undefined) return { rests: true, held };
  return { rests: await isIdle(wanted, status, ports) };
}

async function readHeld(
  told: Told,
  status: StatusRecord | undefined,
  ports: Ports,
  { timings }: StageSettings,
): Promise<Held | undefined> {
  const state = await ports.holds.read(told.wanted.pipelineId);
  const before = status?.run === undefined ? status?.hold : status.run.held;
  return heldFor(state, limitsOf(told), before !== undefined, timings, ports.clock.nowMs());
}

/** Nothing has been sent or seen for as long as the record says. */
async function isIdle(wanted: Wanted, status: StatusRecord | undefined, ports: Ports): Promise<boolean> {
  if (wanted.restWhenIdleSeconds === undefined || status?.queueUrl === undefined) return false;
  const queue = await ports.queues.read(status.queueUrl);
  if (queue === undefined) return false;
  return mayRest(wanted.restWhenIdleSeconds, queue.counts, status.lastActivityAtMs, ports.clock.nowMs());
}
