import type { Verdict } from './verdict.ts';

/**
 * Every verdict without its numbers: its sentence begins with these words, lists are narrowed down by them, and alarms and
 * docs name by them what typically stands behind. In the order in which the first that holds is told.
 */
export const VERDICT_NAMES: Readonly<Record<Verdict['kind'], string>> = {
  unknown: 'no such pipeline',
  deleted: 'deleted',
  rejected: 'its record is rejected',
  failed: 'the last change failed',
  draining: 'draining',
  takenDown: 'being taken down',
  creating: 'being made',
  asked: 'about to follow its record',
  paused: 'paused by its record',
  forcedOpen: 'its breaker is forced open',
  breakerOpen: 'its breaker is open',
  held: 'held by a 429 or 503',
  breakerProbing: 'its breaker is probing',
  changing: 'being changed',
  switchedOff: 'its event source mapping is off',
  waking: 'its consumer is about to wake',
  purging: 'being purged',
  unready: 'its consumer could not begin',
  accountFull: 'the account runs as much as it may',
  deadLettering: 'dead-lettering',
  stuck: 'nothing consumes',
  atRate: 'working at its rate limit',
  atConcurrency: 'working at its concurrency limit',
  working: 'working',
  releasing: 'burst still being released',
  idle: 'idle',
};

/** Their kinds, in the same order. */
export const VERDICT_KINDS = Object.keys(VERDICT_NAMES) as readonly Verdict['kind'][];
