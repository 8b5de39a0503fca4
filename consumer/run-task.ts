import type { SQSRecord } from 'aws-lambda';
import type { Begun } from '../core/burst/notes.ts';
import { type Attempt, beginAttempt, maxAttemptsOf } from './attempts.ts';
import type { Found, Pass } from './breaker.ts';
import type { BurstCounter, CountedTask } from './burst.ts';
import { type Call, callEndsMs, claimEndsMs, tasksEndMs, timeLeft, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import type { TaskOutcome, Waits } from './fate.ts';
import type { Caller, Gate } from './gate.ts';
import { problemReporter } from './log.ts';
import { type Message, messageOf } from './message.ts';
import type { Claimed, Once } from './once.ts';
import { bodyOf, contextOf, notRun, type TaskHandler, type TaskIds, type TaskRun, taskIds } from './task.ts';
import { outcomeOfThrown } from './thrown.ts';
import { roomForTask } from './time-left.ts';

/** What runs the tasks of one environment. */
export interface Runner<Task> {
  readonly handler: TaskHandler<Task>;
  readonly gate: Gate;
  /** Where tasks of the same key are done once. */
  readonly once: Once | undefined;
  /** Counts the tasks of bursts. */
  readonly bursts: BurstCounter | undefined;
  readonly effects: Effects;
}

/** One receive of one task. */
interface Receive<Task> {
  readonly task: Task;
  readonly message: Message;
  readonly ids: TaskIds;
  readonly caller: Caller;
  /** Where it is one of a burst. */
  readonly counted: CountedTask | undefined;
}

/** What is taken before a handler is called. */
interface Taken {
  readonly attempt: Attempt;
  readonly claimed: Claimed | undefined;
  readonly begun: Begun | undefined;
}

/** Runs the handler on one message, if and when it may; whatever comes of it is an outcome. */
export async function runTask<Task>(record: SQSRecord, call: Call, runner: Runner<Task>): Promise<TaskRun> {
  const { effects, bursts } = runner;
  const body = bodyOf<Task>(record);
  const counted = bursts?.of(record, body.kind === 'read' ? body.task : undefined);
  if (body.kind === 'unreadable') return { ...notRun(body, effects), ...(counted && { counted }) };
  const message = messageOf(record);
  const leftMs = message.notBeforeMs - effects.nowMs();
  if (leftMs > 0) return notRun({ kind: 'early', afterSeconds: Math.ceil(leftMs / 1000) }, effects);
  const ids = taskIds(record, message.id, call, effects);
  return withSignal(tasksEndMs(call), effects, (signal) => {
    const caller = { call, signal, problem: problemReporter(effects.write, { ...ids }) };
    return startAndRun({ task: body.task, message, ids, caller, counted }, runner);
  });
}

/** Once more after each refusal that need not be waited for in the queue: it is no attempt. */
async function startAndRun<Task>(receive: Receive<Task>, runner: Runner<Task>): Promise<TaskRun> {
  const { message, caller, counted } = receive;
  const { gate, effects } = runner;
  let taken: Taken | undefined;
  let refused: TaskRun | undefined;
  const refusedAtMs: number[] = [];
  const kept = () => ({
    ...keptOf(taken),
    ...(counted && { counted }),
    ...(refusedAtMs.length > 0 && { refusedAtMs }),
  });
  const ready = async () => {
    taken ??= await take(receive, runner);
  };
  for (;;) {
    const isFresh = message.isFresh && refused === undefined;
    const entry = await gate.enter({ ...caller, isFresh, ready });
    if (entry.kind === 'wait') {
      const { outcome: groupWaits } = entry;
      return { ...waits(groupWaits, refused, effects), ...kept(), groupWaits };
    }
    if (taken === undefined) throw new Error('a task may start and nobody has counted it');
    const obstacle = obstacleOf(taken, effects);
    if (obstacle !== undefined) {
      await gate.left(entry.pass, 'nothing', caller);
      return { ...notRun(obstacle, effects), ...kept() };
    }
    // The wait may have been as long as the call lets it, a timer late, or the clock set back.
    if (caller.signal.aborted || !hasRoom(caller.call, runner)) {
      await gate.left(entry.pass, 'nothing', caller);
      return { ...(refused ?? notRun({ kind: 'notStarted' }, effects)), ...kept() };
    }
    if (refused !== undefined) refusedAtMs.push(refused.startedAtMs);
    const run = await callHandler(receive, taken, entry.pass, runner);
    const { outcome, startedAtMs } = run;
    if (outcome.kind !== 'throttled') return { ...run, ...kept() };
    await inTime(caller, effects, (to) => gate.throttled({ startedAtMs, ...outcome.said }, to));
    refused = run;
  }
}

/** What is to be told after a task has its own time, too, where the task has used up its own. */
function inTime(caller: Caller, effects: Effects, tell: (to: Caller) => Promise<void>): Promise<void> {
  if (!caller.signal.aborted) return tell(caller);
  return withSignal(callEndsMs(caller.call), effects, (signal) => tell({ ...caller, signal }));
}

/** Whether the call has the time that a task may need. */
export function hasRoom<Task>(call: Call, { effects, gate }: Runner<Task>): boolean {
  return roomForTask(timeLeft(call, effects.nowMs(), gate.slowestMs()));
}

/**
 * Claims the task's key where it has one, notes that it runs where it is one of a burst, and only then counts the
 * attempt: without these there is none.
 */
async function take<Task>(receive: Receive<Task>, { once, effects }: Runner<Task>): Promise<Taken> {
  const { task, message, caller, counted } = receive;
  let claimed: Claimed | undefined;
  if (once !== undefined) {
    const { taskKeyOf } = await import('./task-key.ts');
    claimed = await once.claim(
      taskKeyOf(task, once.path, message.id),
      claimEndsMs(caller.call),
      caller.signal,
    );
    if (claimed.kind !== 'claimed') return { attempt: NOT_COUNTED, claimed, begun: undefined };
  }
  const begun = await counted?.begin(caller.call, caller.problem, caller.signal);
  if (begun !== undefined && begun.kind !== 'begun') return { attempt: NOT_COUNTED, claimed, begun };
  return { attempt: await beginAttempt(message, effects, caller.signal), claimed, begun };
}

const NOT_COUNTED: Attempt = { number: undefined, isNoted: false };

/** What a task that is to start must not start for. */
function obstacleOf({ attempt, claimed, begun }: Taken, effects: Effects): TaskOutcome | undefined {
  for (const another of [claimed, begun]) {
    if (another?.kind === 'done') return { kind: 'duplicate' };
    if (another?.kind === 'running') {
      const waitMs = another.untilMs - effects.nowMs();
      return { kind: 'busy', afterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
    }
  }
  return (attempt.number ?? 0) > maxAttemptsOf(effects.environment) ? { kind: 'exhausted' } : undefined;
}

function keptOf(taken: Taken | undefined): Pick<TaskRun, 'attempt' | 'claim'> {
  if (taken === undefined) return {};
  const { attempt, claimed } = taken;
  return { attempt, ...(claimed?.kind === 'claimed' && { claim: claimed.claim }) };
}

/** One that was refused before is back when the group goes on; what it ran stands in its log. */
function waits(outcome: Waits, refused: TaskRun | undefined, effects: Effects): TaskRun {
  if (refused?.outcome.kind !== 'throttled') return notRun(outcome, effects);
  return { ...refused, outcome: { ...refused.outcome, afterSeconds: outcome.afterSeconds } };
}

async function callHandler<Task>(
  { task, message, ids, caller }: Receive<Task>,
  { attempt }: Taken,
  pass: Pass,
  { handler, gate, effects }: Runner<Task>,
): Promise<TaskRun> {
  const { call, signal } = caller;
  const context = contextOf(ids, message, attempt, call, effects, signal);
  let told: Promise<void> | undefined;
  const tell = (found: Found) => {
    told ??= inTime(caller, effects, (to) => gate.left(pass, found, to));
    return told;
  };
  const outOfTime = () => {
    // Lambda ends a call without a word: say which task it was while there is time.
    context.log.warn('out of time: the task must stop now');
    void tell('failed');
  };
  signal.addEventListener('abort', outOfTime, { once: true });
  const startedAtMs = effects.nowMs();
  gate.started();
  const outcome = await outcomeOf(() => handler(task, context), effects);
  const endedAtMs = effects.nowMs();
  signal.removeEventListener('abort', outOfTime);
  gate.ran(endedAtMs - startedAtMs);
  await tell(FOUND[outcome.kind]);
  return { outcome, startedAtMs, endedAtMs };
}

type Outcome = ReturnType<typeof outcomeOfThrown> | { readonly kind: 'returned' };

/** What a task says of how its group does: a refusal and what the handler decides for one task say nothing. */
const FOUND: Readonly<Record<Outcome['kind'], Found>> = {
  returned: 'succeeded',
  dropped: 'succeeded',
  gaveUp: 'nothing',
  postponed: 'nothing',
  throttled: 'nothing',
  threw: 'failed',
};

async function outcomeOf(run: () => unknown, effects: Effects): Promise<Outcome> {
  try {
    await run();
    return { kind: 'returned' };
  } catch (error) {
    return outcomeOfThrown(error, effects.nowMs());
  }
}
