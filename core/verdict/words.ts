import { assertNever } from '../assert-never.ts';
import type { RunKind } from '../status-record.ts';
import { clockTime, counted, duration, number, tasks } from './amounts.ts';
import { VERDICT_NAMES } from './kinds.ts';
import type { Later, Remedy, UnderWay, Verdict } from './verdict.ts';

/** A verdict for people. */
export interface Words {
  /** One line, with its numbers; it begins with the verdict's name. */
  readonly says: string;
  /** What would change it; absent where nothing needs to. */
  readonly remedy?: Remedy;
}

/** @param nowMs times are told from here */
export function wordsOf(verdict: Verdict, nowMs: number): Words {
  const remedy = remedyOf(verdict);
  const says = `${VERDICT_NAMES[verdict.kind]}${detailOf(verdict, nowMs)}`;
  return { says, ...(remedy && { remedy }) };
}

/** What follows its name. */
function detailOf(verdict: Verdict, nowMs: number): string {
  const until = (ms: number) => `${clockTime(ms)} (in ${duration((ms - nowMs) / 1000)})`;
  switch (verdict.kind) {
    case 'unknown':
      return '';
    case 'deleted':
      return verdict.salvaged ? `, ${tasks(verdict.salvaged)} salvaged` : '';
    case 'rejected': {
      const again = verdict.retryAtMs === undefined ? '' : `; looked at again at ${until(verdict.retryAtMs)}`;
      return `: ${verdict.message}${goesOn(verdict.goesOn)}${again}`;
    }
    case 'failed': {
      const step = verdict.step === undefined ? '' : ` in step ${verdict.step}`;
      const code = verdict.code === undefined ? '' : ` (${verdict.code})`;
      const again = verdict.retryAtMs === undefined ? '' : `; tried again at ${until(verdict.retryAtMs)}`;
      return `${step}${code}: ${verdict.message}${goesOn(verdict.goesOn)}${again}`;
    }
    case 'draining': {
      const limit =
        verdict.limitMs === undefined || verdict.limitMs <= nowMs
          ? '; what is left is about to be salvaged'
          : `; what is left at ${until(verdict.limitMs)} is salvaged`;
      return `, ${tasks(verdict.left)} left${limit}`;
    }
    case 'takenDown':
      return `, ${tasks(verdict.left)} left, which will be ${verdict.fate}`;
    case 'creating':
      return inStep(verdict);
    case 'asked':
      return `: it will be ${WISHES[verdict.wish]} within seconds, ${tasks(verdict.waiting)} waiting`;
    case 'paused':
      return `, ${tasks(verdict.waiting)} waiting`;
    case 'forcedOpen':
      return ` by its record, ${tasks(verdict.waiting)} waiting`;
    case 'breakerOpen':
      return ` since ${clockTime(verdict.sinceMs)}, next probe at ${until(verdict.nextProbeMs)}`;
    case 'held':
      return ` until ${until(verdict.untilMs)}${verdict.isGuess ? ', how long is a guess' : ''}`;
    case 'breakerProbing':
      return ` since ${clockTime(verdict.sinceMs)} whether the trouble is over, ${counted(verdict.probes, 'probe')} running`;
    case 'changing':
      return `${CHANGES[verdict.run ?? 'update'] ?? ''}${inStep(verdict)}, ${tasks(verdict.waiting)} waiting`;
    case 'switchedOff':
      return ` and should be on, ${tasks(verdict.waiting)} waiting`;
    case 'waking':
      return `, ${tasks(verdict.waiting)} waiting`;
    case 'purging':
      return ` since ${clockTime(verdict.sinceMs)}: SQS still counts ${tasks(verdict.left)}, for up to a minute`;
    case 'unready':
      return ` at ${clockTime(verdict.atMs)}: ${listOf(verdict.variables)} ${verdict.variables.length === 1 ? 'has' : 'have'} no value`;
    case 'accountFull': {
      const by =
        verdict.by === undefined ? '' : `, which its pipelines together may exceed by ${number(verdict.by)}`;
      return `: ${number(verdict.limit)} at once${by}`;
    }
    case 'deadLettering':
      return `: ${number(verdict.perMinute)} a minute, ${number(verdict.letters)} in all`;
    case 'stuck':
      return `: ${tasks(verdict.waiting)} waiting for ${duration(verdict.sinceSeconds)} and none runs`;
    case 'atRate':
      return `, ${number(verdict.perSecond)}/s: ${underWay(verdict, until)}`;
    case 'atConcurrency':
      return `, ${number(verdict.concurrency)}: ${underWay(verdict, until)}`;
    case 'working':
      return `: ${underWay(verdict, until)}`;
    case 'releasing':
      return `: nothing waits, ${comesLater(verdict.later, until)}`;
    case 'idle':
      return `${verdict.isResting ? ', its consumer rests' : ''}${verdict.letters ? `, ${counted(verdict.letters, 'dead letter')}` : ''}`;
    default:
      return assertNever(verdict);
  }
}

function remedyOf(verdict: Verdict): Remedy | undefined {
  switch (verdict.kind) {
    case 'unknown':
      return { action: 'add a record with this pipelineId, or look for a slip in the id' };
    case 'deleted':
      return verdict.salvaged ? { action: 'add its record again and restore its salvage' } : undefined;
    case 'rejected':
      return { ...(verdict.field && { field: verdict.field }), action: mend(verdict.code, verdict.field) };
    case 'failed':
      return { action: 'remove what the message names, or wait for the next try' };
    case 'draining':
    case 'takenDown':
      return { action: 'add its record again to keep it' };
    case 'paused':
      return { field: 'paused', action: 'set paused to false' };
    case 'forcedOpen':
      return { field: 'breaker.force', action: 'remove breaker.force' };
    case 'breakerOpen':
      return { field: 'breaker', action: 'mend what its tasks call, or force the breaker closed' };
    case 'held':
      return { field: 'rateLimit', action: 'give it the rate that the other side allows' };
    case 'switchedOff':
      return { action: 'leave it to the reconciler, or switch the mapping on' };
    case 'waking':
      return {
        action:
          'send tasks through the trigger, which wakes it at once; the reconciler does within 15 minutes',
      };
    case 'unready':
      return {
        field: `environment.${verdict.variables[0]}`,
        action: 'make what it refers to, or let the consumers read it; the log says which',
      };
    case 'accountFull':
      return { field: 'concurrency', action: 'raise the account’s limit, or lower concurrency of others' };
    case 'deadLettering':
      return REDRIVE;
    case 'stuck':
      return { action: 'look at the consumer’s throttles and permissions' };
    case 'atRate':
      return { field: 'rateLimit', action: 'raise it if the other side allows more' };
    case 'atConcurrency':
      return { field: 'concurrency', action: 'raise it if the other side allows more' };
    case 'releasing':
      return resume(verdict.later);
    case 'working':
      return verdict.later && resume(verdict.later);
    case 'creating':
    case 'asked':
    case 'breakerProbing':
    case 'changing':
    case 'purging':
      return undefined;
    case 'idle':
      return verdict.letters === undefined ? undefined : REDRIVE;
    default:
      return assertNever(verdict);
  }
}

const REDRIVE: Remedy = { action: 'look at their reasons, mend, and redrive' };

const WISHES = { pause: 'paused', resume: 'woken', teardown: 'taken down' } as const;

/** What a run that changes it is for, where that is not the whole record. */
const CHANGES: Partial<Record<RunKind, string>> = { codeSync: ' to other code' };

function inStep({ step, hasDied }: { readonly step?: string; readonly hasDied?: true }): string {
  const where = step === undefined ? '' : `, in step ${step}`;
  return hasDied ? `${where}, where its run died: the reconciler begins another` : where;
}

/** What mends a record is not always a change of it. */
function mend(code: string | undefined, field: string | undefined): string {
  if (code === 'AccountLimit') return 'lower it, or raise the account’s limit';
  if (code === 'Missing' && field === 'codeKey') return 'push its code, or correct the record';
  return 'correct the record';
}

function goesOn(itDoes: boolean): string {
  return itDoes ? ' (the pipeline goes on as it was)' : '';
}

function underWay(
  { load, etaSeconds, assumedSeconds, later }: UnderWay,
  until: (ms: number) => string,
): string {
  const assumed = assumedSeconds === undefined ? '' : ` if a task takes ${duration(assumedSeconds)}`;
  const more = later === undefined ? '' : `; ${comesLater(later, until)}`;
  return `${number(load.running)} received, ${number(load.waiting)} waiting, done in about ${duration(etaSeconds)}${assumed}${more}`;
}

function comesLater({ tasks: count, lastDueMs, paused = 0 }: Later, until: (ms: number) => string): string {
  if (paused >= count) return `${tasks(count)} of a paused burst to come`;
  const last = lastDueMs === undefined ? '' : `, the last at ${until(lastDueMs)}`;
  const held = paused === 0 ? '' : `, ${number(paused)} of them of a paused burst`;
  return `${tasks(count)} to come later${last}${held}`;
}

function resume({ paused = 0 }: Later): Remedy | undefined {
  return paused === 0 ? undefined : { action: 'resume its burst' };
}

/** `environment.A and environment.B` */
function listOf(variables: readonly string[]): string {
  return variables.map((name) => `environment.${name}`).join(' and ');
}
