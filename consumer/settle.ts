import type { SQSRecord } from 'aws-lambda';
import { assertNever } from '../core/assert-never.ts';
import { SQS_MAX_DELAY_SECONDS } from '../core/aws-limits.ts';
import type { TaskEnd } from '../core/burst/notes.ts';
import { type DeadLetterNote, deadLetterOf } from '../core/dead-letter.ts';
import { maxAttemptsOf } from './attempts.ts';
import { type Call, callEndsMs, whenAborted, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { CALLED, type Fate, fateOf, retryOf, type Tries } from './fate.ts';
import { describeError } from './log.ts';
import { anewOf, type Message, messageOf, ownAttributesOf } from './message.ts';
import type { TaskRun } from './task.ts';

/** What has become of a message, and what did not work on the way there. */
export interface Settled {
  readonly fate: Fate;
  readonly problems: readonly Problem[];
}

/** A line of the log. No task is lost over it. */
export interface Problem {
  readonly text: string;
  readonly error?: unknown;
}

/** What settling one message goes by. */
interface Settling {
  readonly record: SQSRecord;
  readonly message: Message;
  readonly call: Call;
  readonly run: TaskRun;
  readonly tries: Tries;
  readonly effects: Effects;
  readonly signal: AbortSignal;
  readonly problems: Problem[];
}

/**
 * Brings a task's fate about, as far as the call's answer does not. Nothing that goes wrong here fails the call: a
 * message whose fate could not be brought about is left to its queue, for another receive.
 */
export async function settle(
  record: SQSRecord,
  run: TaskRun,
  call: Call,
  effects: Effects,
  maxReceives: number | undefined,
): Promise<Settled> {
  const message = messageOf(record);
  const tries: Tries = {
    attempt: run.attempt?.number,
    maxAttempts: maxAttemptsOf(effects.environment),
    receives: message.receives,
    ...(maxReceives !== undefined && { maxReceives }),
    random: () => effects.random(),
  };
  const problems: Problem[] = [];
  if (run.attempt?.problem !== undefined) {
    problems.push({ text: 'the attempt could not be counted', error: run.attempt.problem });
  }
  const wanted = fateOf(run.outcome, tries);
  const isOver = run.claim === undefined && run.counted === undefined;
  if (wanted.kind === 'done' && isOver) return { fate: wanted, problems };
  const fate = await withSignal(callEndsMs(call), effects, (signal) =>
    bringAbout(wanted, { record, message, call, run, tries, effects, signal, problems }),
  );
  return { fate, problems };
}

async function bringAbout(fate: Fate, settling: Settling): Promise<Fate> {
  switch (fate.kind) {
    case 'done':
      await Promise.all([finishClaim(settling), tellBurst('done', settling)]);
      return fate;
    case 'giveBack':
    case 'retry': {
      const wasAttempt = fate.kind === 'retry' && settling.run.outcome.kind !== 'exhausted';
      // First: it may be received again at once, and then must find neither its claim nor what was no attempt.
      await Promise.all([
        wasAttempt ? noteLate(settling) : forget(settling),
        dropClaim(settling),
        tellBurst(wasAttempt ? 'failed' : 'givenBack', settling),
      ]);
      const isAnew = await comeBack(fate, settling);
      const { anew: _wanted, ...own } = fate;
      return isAnew ? { ...own, anew: true } : own;
    }
    case 'deadLetter': {
      const [isSent] = await Promise.all([bury(fate.reason, settling), dropClaim(settling)]);
      if (!isSent) return bringAbout(retryOf(settling.tries), settling);
      // Only now: a letter that could not be sent is none.
      await tellBurst('dead', settling);
      return fate;
    }
    default:
      return assertNever(fate);
  }
}

/** This receive was no attempt. */
async function forget(settling: Settling): Promise<void> {
  const { message, run, effects, signal } = settling;
  if (!run.attempt?.isNoted) return;
  await tryTo(settling, 'what was no attempt counts as one', () =>
    effects.forgetAttempt(message.id, message.receive, signal),
  );
}

/** The first receive was an attempt, and will not be the last. */
async function noteLate(settling: Settling): Promise<void> {
  const { message, run, effects, signal } = settling;
  if (run.attempt === undefined || run.attempt.isNoted || run.attempt.problem !== undefined) return;
  await tryTo(settling, 'this attempt does not count', () =>
    effects.noteAttempt(message.id, message.receive, signal),
  );
}

/** @returns whether another message stands in its place: this one is then to go */
async function comeBack(
  { anew, afterSeconds }: Fate & { readonly kind: 'retry' | 'giveBack' },
  settling: Settling,
): Promise<boolean> {
  const { record, effects, signal } = settling;
  if (anew && (await sendAnew(afterSeconds, settling))) return true;
  await tryTo(settling, 'it comes back after its visibility timeout', () =>
    effects.hide(record, afterSeconds, signal),
  );
  return false;
}

/** Sent before the old one is deleted: a crash in between leaves two, and loses none. */
async function sendAnew(afterSeconds: number, settling: Settling): Promise<boolean> {
  const { record, effects, signal, problems } = settling;
  const nowMs = effects.nowMs();
  const message = anewOf(record, nowMs + afterSeconds * 1000, nowMs);
  if (message === undefined) {
    problems.push({ text: 'it has no room to be sent anew: soon SQS takes it for a dead letter' });
    return false;
  }
  const delaySeconds = Math.min(afterSeconds, SQS_MAX_DELAY_SECONDS);
  return tryTo(settling, 'it could not be sent anew: soon SQS takes it for a dead letter', () =>
    effects.sendAnew(record, message, delaySeconds, signal),
  );
}

/** No other task of its key runs for a while. */
async function finishClaim(settling: Settling): Promise<void> {
  const { run, signal } = settling;
  await tryTo(settling, 'a task of the same key may run again', async () => run.claim?.done(signal));
}

/** Another task of its key, or this one later, may run. */
async function dropClaim(settling: Settling): Promise<void> {
  const { run, signal } = settling;
  await tryTo(settling, 'its key is taken until its claim ends', async () => run.claim?.drop(signal));
}

/** Its burst counts it, where it is one of a burst. */
async function tellBurst(how: TaskEnd['kind'], settling: Settling): Promise<void> {
  const { run, call, signal } = settling;
  const { counted, outcome, startedAtMs, endedAtMs } = run;
  const ran = CALLED.has(outcome.kind) ? { startedAtMs, endedAtMs } : undefined;
  await tryTo(settling, 'its burst does not know yet how it ended', async () =>
    counted?.end(how, ran, call, signal),
  );
}

/** The letter is on its way before its message is deleted: a crash in between sends it twice and loses nothing. */
async function bury(reason: string, settling: Settling): Promise<boolean> {
  const { record, effects, signal, problems } = settling;
  const letter = deadLetterOf(record.body, ownAttributesOf(record), noteOf(reason, settling));
  const isSent = await tryTo(
    settling,
    'it could not be sent to the dead-letter queue, and is tried again',
    () => effects.sendDeadLetter(record, letter, signal),
  );
  if (isSent && !letter.isNoted) problems.push({ text: 'the dead letter has no room for its reason' });
  return isSent;
}

function noteOf(reason: string, { message, run, tries }: Settling): DeadLetterNote {
  const { outcome } = run;
  return {
    reason,
    attempts: attemptsOf(run, tries),
    ...errorOf(outcome),
    firstSentAtMs: message.firstSentAtMs ?? run.startedAtMs,
    lastAttemptAtMs: run.startedAtMs,
    messageId: message.id,
  };
}

/** One that could not be counted is at most as high as the receives. */
function attemptsOf({ attempt, outcome }: TaskRun, { receives }: Tries): number {
  if (attempt === undefined) return 0;
  const number = attempt.number ?? receives;
  return outcome.kind === 'exhausted' ? number - 1 : number;
}

/** What was thrown, or what the handler says was the cause. */
function errorOf(outcome: TaskRun['outcome']): Pick<DeadLetterNote, 'error'> {
  const thrown = outcome.kind === 'threw' || outcome.kind === 'unreadable' ? outcome.error : causeOf(outcome);
  if (thrown === undefined) return {};
  const { name, message } = describeError(thrown);
  return { error: { name: String(name), message: String(message) } };
}

function causeOf(outcome: TaskRun['outcome']): unknown {
  return outcome.kind === 'gaveUp' && outcome.error instanceof Error ? outcome.error.cause : undefined;
}

/** Waits no longer than the signal lets it, whether or not what it waits for heeds it: the call must answer in time. */
async function tryTo(
  { problems, signal }: Settling,
  otherwise: string,
  act: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await Promise.race([act(), whenAborted(signal)]);
    return true;
  } catch (error) {
    problems.push({ text: otherwise, error });
    return false;
  }
}
