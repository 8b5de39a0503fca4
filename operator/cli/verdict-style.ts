import type { Verdict } from '../../core/verdict/verdict.ts';
import type { Style } from './terminal.ts';

/** Red: somebody should look. Yellow: it waits for a reason. The words say the same to those who see no colours. */
export const VERDICT_STYLES: Readonly<Record<Verdict['kind'], Style>> = {
  unknown: 'red',
  deleted: 'dim',
  draining: 'yellow',
  takenDown: 'yellow',
  rejected: 'red',
  failed: 'red',
  creating: 'cyan',
  asked: 'cyan',
  paused: 'yellow',
  forcedOpen: 'yellow',
  breakerOpen: 'yellow',
  breakerProbing: 'yellow',
  held: 'yellow',
  changing: 'cyan',
  switchedOff: 'red',
  waking: 'yellow',
  purging: 'cyan',
  unready: 'red',
  accountFull: 'red',
  deadLettering: 'red',
  stuck: 'red',
  atRate: 'green',
  atConcurrency: 'green',
  working: 'green',
  releasing: 'cyan',
  idle: 'dim',
};
