import type { Ports } from '../../../aws/ports.ts';
import type { BurstState } from '../../../core/burst/burst-state.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';

/** Whom a step works for, and how long it may take. */
export interface SliceTurn {
  readonly burstId: string;
  /** The so-manieth step of the execution. */
  readonly rounds: number;
  /** The execution's name. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
}

export async function sendSliceStep(
  { burstId }: SliceTurn,
  ports: Ports,
  _settings: StageSettings,
): Promise<Pick<BurstState, 'outcome' | 'afterSeconds'>> {
  const record = await ports.bursts.read(burstId);
  return { outcome: record?.state === 'Sent' ? 'done' : 'over', afterSeconds: 0 };
}
