import type { Verdict } from './verdict.ts';

/** Every kind once: a kind that is missing here, or is none, is an error of types. */
const EVERY: Readonly<Record<Verdict['kind'], true>> = {
  unknown: true,
  deleted: true,
  draining: true,
  rejected: true,
  failed: true,
  creating: true,
  paused: true,
  forcedOpen: true,
  breakerOpen: true,
  breakerProbing: true,
  held: true,
  switchedOff: true,
  accountFull: true,
  deadLettering: true,
  stuck: true,
  atRate: true,
  atConcurrency: true,
  working: true,
  releasing: true,
  idle: true,
};

/** The kinds of verdicts, in the order in which the first that holds is told. */
export const VERDICT_KINDS = Object.keys(EVERY) as readonly Verdict['kind'][];
