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
  breakerProbing: 'waiting',
  held: 'waiting',
  paused: 'waiting',
  forcedOpen: 'waiting',
  draining: 'waiting',
  creating: 'working',
  releasing: 'working',
  atRate: 'working',
  atConcurrency: 'working',
  working: 'working',
  idle: 'idle',
  deleted: 'idle',
  unknown: 'idle',
};

/** A verdict without its numbers. */
export const VERDICT_NAMES: Readonly<Record<Verdict['kind'], string>> = {
  rejected: 'rejected record',
  failed: 'failed step',
  stuck: 'nothing consumes',
  deadLettering: 'dead-lettering',
  accountFull: 'account full',
  switchedOff: 'mapping off',
  breakerOpen: 'breaker open',
  breakerProbing: 'breaker probing',
  held: 'held',
  paused: 'paused',
  forcedOpen: 'breaker forced open',
  draining: 'draining',
  creating: 'being made',
  releasing: 'burst comes later',
  atRate: 'at its rate limit',
  atConcurrency: 'at its concurrency limit',
  working: 'working',
  idle: 'idle',
  deleted: 'deleted',
  unknown: 'unknown',
};

export function attentionOf({ verdict }: Pick<PipelineRow, 'verdict'>): Attention {
  return OF_VERDICT[verdict.kind];
}
