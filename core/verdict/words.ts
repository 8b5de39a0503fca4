import { assertNever } from '../assert-never.ts';
import type { Remedy, Verdict } from './verdict.ts';

/** A verdict for people. */
export interface Words {
  /** One line, with its numbers. */
  readonly says: string;
  /** What would change it; absent where nothing needs to. */
  readonly remedy?: Remedy;
}

/** @param nowMs times are told from here */
export function wordsOf(verdict: Verdict, nowMs: number): Words {
  const until = (ms: number) => `${clockTime(ms)} (in ${duration((ms - nowMs) / 1000)})`;
  switch (verdict.kind) {
    case 'unknown':
      return {
        says: 'no such pipeline',
        remedy: { action: 'add a record with this pipelineId, or look for a slip in the id' },
      };
    case 'deleted':
      return {
        says: `deleted${verdict.salvaged ? `, ${tasks(verdict.salvaged)} salvaged` : ''}`,
        ...(verdict.salvaged && { remedy: { action: 'add its record again and restore its salvage' } }),
      };
    case 'draining': {
      const limit =
        verdict.limitMs === undefined ? '' : `; what is left at ${until(verdict.limitMs)} is salvaged`;
      return {
        says: `draining, ${tasks(verdict.left)} left${limit}`,
        remedy: { action: 'add its record again to keep it' },
      };
    }
    case 'rejected':
      return {
        says: `its record is rejected: ${verdict.message}${goesOn(verdict.goesOn)}`,
        remedy: {
          ...(verdict.field && { field: verdict.field }),
          action: 'correct the record',
        },
      };
    case 'failed': {
      const step = verdict.step === undefined ? '' : ` in step ${verdict.step}`;
      const again = verdict.retryAtMs === undefined ? '' : `; tried again at ${until(verdict.retryAtMs)}`;
      return {
        says: `the last change failed${step}: ${verdict.message}${goesOn(verdict.goesOn)}${again}`,
        remedy: { action: 'remove what the message names, or wait for the next try' },
      };
    }
    case 'creating':
      return { says: `being made${verdict.step === undefined ? '' : `, in step ${verdict.step}`}` };
    case 'paused':
      return {
        says: `paused by its record, ${tasks(verdict.waiting)} waiting`,
        remedy: { field: 'paused', action: 'set paused to false' },
      };
    case 'forcedOpen':
      return {
        says: `its breaker is forced open by its record, ${tasks(verdict.waiting)} waiting`,
        remedy: { field: 'breaker.force', action: 'remove breaker.force' },
      };
    case 'breakerOpen':
      return {
        says: `its breaker is open since ${clockTime(verdict.sinceMs)}, next probe at ${until(verdict.nextProbeMs)}`,
        remedy: { field: 'breaker', action: 'mend what its tasks call, or force the breaker closed' },
      };
    case 'breakerProbing':
      return {
        says: `its breaker tries since ${clockTime(verdict.sinceMs)} whether the trouble is over, ${verdict.probes} probes running`,
      };
    case 'held':
      return {
        says: `held until ${until(verdict.untilMs)} by a refusal (429 or 503)${verdict.isGuess ? ', how long is a guess' : ''}`,
        remedy: { field: 'rateLimit', action: 'give it the rate that the other side allows' },
      };
    case 'switchedOff':
      return {
        says: `its event source mapping is off and should be on, ${tasks(verdict.waiting)} waiting`,
        remedy: { action: 'leave it to the reconciler, or switch the mapping on' },
      };
    case 'accountFull': {
      const by =
        verdict.by === undefined ? '' : `, which its pipelines together may exceed by ${number(verdict.by)}`;
      return {
        says: `the account runs as much as it may: ${number(verdict.limit)} at once${by}`,
        remedy: { field: 'concurrency', action: 'raise the account’s limit, or lower concurrency of others' },
      };
    }
    case 'deadLettering':
      return {
        says: `${number(verdict.perMinute)} dead letters a minute, ${number(verdict.letters)} in all`,
        remedy: { action: 'look at their reasons, mend, and redrive' },
      };
    case 'stuck':
      return {
        says: `${tasks(verdict.waiting)} waiting for ${duration(verdict.sinceSeconds)} and none runs`,
        remedy: { action: 'look at the consumer’s throttles and permissions' },
      };
    case 'atRate':
      return {
        says: `working at its rate limit, ${number(verdict.perSecond)}/s: ${queued(verdict.load)}, ${left(verdict.etaSeconds)}`,
        remedy: { field: 'rateLimit', action: 'raise it if the other side allows more' },
      };
    case 'atConcurrency':
      return {
        says: `working at its concurrency limit, ${number(verdict.concurrency)}: ${queued(verdict.load)}, ${left(verdict.etaSeconds)}`,
        remedy: { field: 'concurrency', action: 'raise it if the other side allows more' },
      };
    case 'working':
      return { says: `working: ${queued(verdict.load)}, ${left(verdict.etaSeconds)}` };
    case 'releasing': {
      const last = verdict.lastDueMs === undefined ? '' : `, the last at ${until(verdict.lastDueMs)}`;
      return { says: `nothing waits; ${tasks(verdict.later)} of bursts come later${last}` };
    }
    case 'idle':
      return { says: verdict.isResting ? 'idle, its consumer rests' : 'idle' };
    default:
      return assertNever(verdict);
  }
}

function goesOn(itDoes: boolean): string {
  return itDoes ? ' (the pipeline goes on as it was)' : '';
}

function queued({ waiting, running }: { readonly waiting: number; readonly running: number }): string {
  return `${number(running)} received, ${number(waiting)} waiting`;
}

function left(etaSeconds: number): string {
  return `done in about ${duration(etaSeconds)}`;
}

function tasks(count: number): string {
  return `${number(count)} ${count === 1 ? 'task' : 'tasks'}`;
}

// Made once: making one takes longer than all else that a verdict takes.
const SMALL = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const LARGE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 21 });

function number(value: number): string {
  return (value < 1000 ? SMALL : LARGE).format(value);
}

/** UTC, to the second. */
function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Two units at most: `2 h 5 min`. */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count === 0 && parts.length === 0) continue;
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * length;
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
