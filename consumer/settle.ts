import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { assertNever } from '../core/assert-never.ts';
import { type DeadLetterNote, deadLetterOf, type MessageAttribute } from '../core/dead-letter.ts';
import { maxAttemptsOf, receivesOf } from './attempts.ts';
import { type Call, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { type Fate, fateOf, retryOf, type Tries } from './fate.ts';
import { describeError } from './log.ts';
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
): Promise<Settled> {
  const tries = triesOf(record, run, effects);
  const problems: Problem[] = [];
  if (run.attempt?.problem !== undefined) {
    problems.push({ text: 'the attempt could not be counted', error: run.attempt.problem });
  }
  const wanted = fateOf(run.outcome, tries);
  if (wanted.kind === 'done') return { fate: wanted, problems };
  // Half of the margin for this, the other half for the answer.
  const fate = await withSignal(call.deadlineMs - call.marginMs / 2, effects, (signal) =>
    bringAbout(wanted, { record, run, tries, effects, signal, problems }),
  );
  return { fate, problems };
}

function triesOf(record: SQSRecord, { attempt }: TaskRun, effects: Effects): Tries {
  return {
    attempt: attempt?.number,
    maxAttempts: maxAttemptsOf(effects.environment),
    receives: receivesOf(record),
    random: () => effects.random(),
  };
}

async function bringAbout(fate: Fate, settling: Settling): Promise<Fate> {
  switch (fate.kind) {
    case 'done':
      return fate;
    case 'giveBack':
      await Promise.all([forget(settling), hide(fate.afterSeconds, settling)]);
      return fate;
    case 'retry':
      await Promise.all([
        settling.run.outcome.kind === 'exhausted' ? forget(settling) : noteLate(settling),
        hide(fate.afterSeconds, settling),
      ]);
      return fate;
    case 'deadLetter': {
      const isSent = await bury(fate.reason, settling);
      return isSent ? fate : bringAbout(retryOf(settling.tries), settling);
    }
    default:
      return assertNever(fate);
  }
}

/** This receive was no attempt. */
async function forget(settling: Settling): Promise<void> {
  const { record, run, tries, effects, signal } = settling;
  if (!run.attempt?.isNoted) return;
  await tryTo(settling, 'what was no attempt counts as one', () =>
    effects.forgetAttempt(record.messageId, tries.receives, signal),
  );
}

/** The first receive was an attempt, and will not be the last. */
async function noteLate(settling: Settling): Promise<void> {
  const { record, run, tries, effects, signal } = settling;
  if (run.attempt === undefined || run.attempt.isNoted || run.attempt.problem !== undefined) return;
  await tryTo(settling, 'this attempt does not count', () =>
    effects.noteAttempt(record.messageId, tries.receives, signal),
  );
}

async function hide(seconds: number | undefined, settling: Settling): Promise<void> {
  if (seconds === undefined) return;
  const { record, effects, signal } = settling;
  await tryTo(settling, 'it comes back after its visibility timeout', () =>
    effects.hide(record, seconds, signal),
  );
}

/** The letter is on its way before its message is deleted: a crash in between sends it twice and loses nothing. */
async function bury(reason: string, settling: Settling): Promise<boolean> {
  const { record, effects, signal, problems } = settling;
  const letter = deadLetterOf(record.body, attributesOf(record.messageAttributes), noteOf(reason, settling));
  const isSent = await tryTo(
    settling,
    'it could not be sent to the dead-letter queue, and is tried again',
    () => effects.sendDeadLetter(record, letter, signal),
  );
  if (isSent && !letter.isNoted) problems.push({ text: 'the dead letter has no room for its reason' });
  return isSent;
}

function noteOf(reason: string, { record, run, tries }: Settling): DeadLetterNote {
  const { outcome } = run;
  const sentAtMs = Number(record.attributes.SentTimestamp);
  return {
    reason,
    attempts: attemptsOf(run, tries),
    ...errorOf(outcome),
    firstSentAtMs: Number.isFinite(sentAtMs) ? sentAtMs : run.startedAtMs,
    lastAttemptAtMs: run.startedAtMs,
    messageId: record.messageId,
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

function attributesOf(given: SQSMessageAttributes): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { type: dataType, value: stringValue ?? binaryValue ?? '' },
    ]),
  );
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

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
