import { counted, duration } from '../verdict/amounts.ts';
import { VERDICT_NAMES } from '../verdict/kinds.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { wordsOf } from '../verdict/words.ts';
import type { Told } from './event-line.ts';

type Detail = Readonly<Record<string, unknown>>;
/** A line for people; undefined where this one tells people nothing. */
type Say = (detail: Detail) => string | undefined;

/** Every event that the system publishes, by its detail-type: docs/operating.md and docs/rollouts.md list them. */
export const EVENTS: Readonly<Record<string, Say>> = {
  'Group hold changed': ({ to, from, untilMs, evidence }) => {
    if (to !== 'held') return 'held no more';
    const { cause, sinceMs, guesses } = map(evidence);
    const what = cause === 'throttled' ? VERDICT_NAMES.held : `held, cause ${text(cause)},`;
    const guessed =
      number(guesses) > 0 ? `; how long is a guess, the ${ordinal(number(guesses))} in a row` : '';
    return `${from === 'held' ? 'still ' : ''}${what} for ${span(number(untilMs) - number(sinceMs))}${guessed}`;
  },
  'Breaker state changed': ({ to, untilMs, evidence }) => {
    const { forced, tasks, failed, sinceMs, succeeded } = map(evidence);
    if (forced !== undefined) {
      if (forced === 'open') return `${VERDICT_NAMES.forcedOpen} by its record`;
      return forced === 'auto'
        ? `its breaker is forced by its record no more: ${text(to)}`
        : `its breaker is forced ${text(forced)} by its record`;
    }
    if (to === 'open') {
      const why =
        tasks === undefined ? '' : `: ${number(failed)} of ${counted(number(tasks), 'task')} failed`;
      return `${VERDICT_NAMES.breakerOpen} for ${span(number(untilMs) - number(sinceMs))}${why}`;
    }
    if (to === 'halfOpen') return `${VERDICT_NAMES.breakerProbing} whether the trouble is over`;
    return `its breaker is closed${number(succeeded) > 0 ? `: ${counted(number(succeeded), 'probe')} went well` : ''}`;
  },
  'Burst ended': ({ burstId, isCancelled, totals, predicted, actual, evidence }) => {
    const { total, done, deadLettered, refused, unaccounted } = map(totals);
    const [foreseen, came] = [map(predicted), map(actual)];
    const isCounted = map(evidence).isCounted !== false;
    return [
      `burst ${text(burstId)} ${isCancelled === true ? 'was cancelled' : 'is over'}`,
      isCounted
        ? `: ${amount(done)} of ${counted(number(total), 'task')} done`
        : `: ${counted(number(total), 'task')}, not counted`,
      number(deadLettered) > 0 ? `, ${counted(number(deadLettered), 'dead letter')}` : '',
      number(refused) > 0 ? `, ${amount(refused)} refused` : '',
      isCounted && number(unaccounted) > 0 ? `, ${amount(unaccounted)} unaccounted for` : '',
      `, took ${seconds(came.finishSeconds)} (predicted ${seconds(foreseen.finishSeconds)})`,
      came.peakConcurrency === undefined
        ? ''
        : `, peak ${amount(came.peakConcurrency)} (predicted ${amount(foreseen.peakConcurrency)})`,
    ].join('');
  },
  'Pipelines need attention': ({ pipelines, needing, needs, worst }) => {
    if (number(needing) === 0) return 'no pipeline needs attention any more';
    const kinds = Object.entries(map(needs)).filter(([, count]) => number(count) > 0);
    const [first] = Array.isArray(worst) ? worst : [];
    const { pipelineId, says } = map(first);
    return [
      `${amount(needing)} of ${counted(number(pipelines), 'pipeline')} need attention`,
      kinds.length > 0 ? ` (${kinds.map(([need, count]) => `${need} ${amount(count)}`).join(', ')})` : '',
      pipelineId === undefined ? '' : `, the worst is ${text(pipelineId)}: ${text(says)}`,
    ].join('');
  },
  'Release state changed': ({ codeKey, version, state, from, wave, reason }) => {
    const { number: at, of } = map(wave);
    const isMoving = ['Canary', 'Rolling', 'Baking'].includes(text(state));
    return [
      `release ${text(version)} of ${text(codeKey)} is ${text(state)}`,
      isMoving && number(of) > 0 ? `, wave ${amount(at)} of ${amount(of)}` : '',
      from === undefined || isMoving ? '' : ` (was ${text(from)})`,
      reason === undefined ? '' : `: ${text(reason)}`,
    ].join('');
  },
};

/** What the functions log beside their events, by the line's message. */
const LINES: Readonly<Record<string, Say>> = {
  claimed: ({ run, decision, reason, goesOn, said }) => {
    if (decision === 'reject') {
      // Lines of before do not say why.
      if (said === undefined) return VERDICT_NAMES.rejected;
      return verdictSays({ kind: 'rejected', message: text(said), goesOn: goesOn === true });
    }
    // Nothing is changed: it is only looked at.
    if (run === '' || run === 'confirm' || run === undefined) return undefined;
    return `${RUNS[text(run)] ?? `begins ${text(run)}`}, because: ${text(reason)}`;
  },
  settled: ({ phase, run, seconds: took }) => `${text(phase)}, ${seconds(took)} after ${text(run)} began`,
  'run failed': ({ step, code, said }) =>
    verdictSays({ kind: 'failed', step: text(step), code: text(code), message: text(said), goesOn: false }),
  burst: ({ burstId, total, accepted, notAccepted }) =>
    `burst ${text(burstId)}: ${amount(accepted)} of ${counted(number(total), 'task')} with SQS${
      number(notAccepted) > 0 ? `, ${amount(notAccepted)} refused` : ''
    }`,
  'burst control': ({ burstId, wish, state }) =>
    `burst ${text(burstId)}: asked to ${text(wish)}, it is ${text(state)}`,
  redrive: ({ stop, first, reason, said }) => {
    if (stop === true) return 'the redrive of its dead letters is stopped by hand';
    const which =
      first === undefined ? 'all dead letters' : `${counted(number(first), 'dead letter')} at most`;
    return `asked to send ${which}${reason === undefined ? '' : ` of reason ${text(reason)}`} again: ${text(said)}`;
  },
  'by hand': ({ action, codeKey, version, did, reason }) =>
    `release ${text(version)} of ${text(codeKey)}: ${text(action)} by hand${
      did === undefined || did === action ? '' : ` (${text(did)})`
    }${reason === undefined ? '' : `: ${text(reason)}`}`,
  'started a run': ({ cause, detail }) => `the reconciler starts a run: ${text(cause)}: ${text(detail)}`,
  restored: ({ restored, failed }) =>
    `out of salvage: ${amount(restored)} sent again${number(failed) > 0 ? `, ${amount(failed)} not` : ''}`,
  'deleted an old version': ({ key, version }) => `deleted the old version ${text(version)} of ${text(key)}`,
};

const RUNS: Readonly<Record<string, string>> = {
  create: 'is being made',
  update: 'is being changed',
  codeSync: 'gets other code',
  switch: 'its consumer is switched on or off',
  drain: 'is drained, then taken down',
  salvage: 'is taken down, its tasks are kept in salvage',
  discard: 'is taken down, its tasks are discarded',
};

/** What an event carries: what is told of it, and the same line that people read elsewhere, for whoever passes it on. */
export function withSays(what: string, detail: Detail): Detail {
  const says = saysOf({ atMs: 0, what, detail });
  return says === undefined ? detail : { ...detail, says };
}

/**
 * What was told, in a line for people.
 * @param isTrouble the line warns: it is then told whatever it is
 * @returns undefined where it says nothing that anybody would look for
 */
export function saysOf({ what, detail }: Told, isTrouble = false): string | undefined {
  const say = Object.hasOwn(EVENTS, what)
    ? EVENTS[what]
    : Object.hasOwn(LINES, what)
      ? LINES[what]
      : undefined;
  return say === undefined ? (isTrouble ? troubleOf(what, detail) : undefined) : say(detail);
}

/** Of a verdict that tells no time. */
function verdictSays(verdict: Verdict): string {
  return wordsOf(verdict, 0).says;
}

function troubleOf(what: string, detail: Detail): string {
  const said = Object.entries(detail)
    .filter(([field, value]) => field !== 'pipelineId' && typeof value !== 'object')
    .map(([field, value]) => `${field} ${String(value)}`);
  return said.length === 0 ? what : `${what}: ${said.join(', ')}`;
}

// A line may be of another version, or have been cut: whatever is not there reads as nothing.

function map(value: unknown): Detail {
  return typeof value === 'object' && value !== null ? (value as Detail) : {};
}

function text(value: unknown): string {
  return value === undefined || value === null ? '?' : String(value);
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function amount(value: unknown): string {
  return number(value).toLocaleString('en-US');
}

function seconds(value: unknown): string {
  return value === undefined ? '?' : duration(number(value));
}

function span(ms: number): string {
  return duration(ms / 1000);
}

function ordinal(count: number): string {
  const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
  const isTeen = count % 100 > 10 && count % 100 < 14;
  return `${count}${(isTeen ? undefined : endings[count % 10]) ?? 'th'}`;
}
