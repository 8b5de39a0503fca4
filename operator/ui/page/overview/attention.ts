import type { Verdict } from '../../../../core/verdict/verdict.ts';
import type { PipelineRow } from '../../../views/pipelines.ts';

/** How much a pipeline asks for: somebody has to do something, it waits for something, it works, or it has nothing to do. */
export type Attention = 'trouble' | 'waiting' | 'working' | 'idle';

export const ATTENTIONS: readonly Attention[] = ['trouble', 'waiting', 'working', 'idle'];

const OF_VERDICT: Readonly<Record<Verdict['kind'], Attention>> = {
  rejected: 'trouble',
  failed: 'trouble',
  stuck: 'trouble',
  deadLettering: 'trouble',
  accountFull: 'trouble',
  switchedOff: 'trouble',
  breakerOpen: 'trouble',
  unready: 'trouble',
  breakerProbing: 'waiting',
  held: 'waiting',
  paused: 'waiting',
  forcedOpen: 'waiting',
  draining: 'waiting',
  takenDown: 'waiting',
  waking: 'waiting',
  creating: 'working',
  asked: 'working',
  changing: 'working',
  purging: 'working',
  releasing: 'working',
  atRate: 'working',
  atConcurrency: 'working',
  working: 'working',
  idle: 'idle',
  deleted: 'idle',
  unknown: 'idle',
};

export function attentionOf({ verdict }: Pick<PipelineRow, 'verdict'>): Attention {
  return OF_VERDICT[verdict.kind];
}
