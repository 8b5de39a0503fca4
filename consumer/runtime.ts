import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { type ConsumerLimits, readLimits } from '../core/flow/limits.ts';
import { createBurstCounter } from './burst.ts';
import { beginCall, type Call, callEndsMs, type Invocation, tasksEndMs, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { resolveEnvironment } from './environment.ts';
import { NotTasksError } from './errors.ts';
import { type Caller, createGate } from './gate.ts';
import { describeError, logLine, problemReporter } from './log.ts';
import { createCallMetrics } from './metrics.ts';
import { createOnce } from './once.ts';
import { hasRoom, type Runner, runTask } from './run-task.ts';
import { type Settled, settle } from './settle.ts';
import { notRun, type TaskHandler, type TaskRun } from './task.ts';
import { writeTaskLines } from './task-lines.ts';

/** A Lambda handler for the events of a queue's event source mapping with ReportBatchItemFailures. */
export type ConsumerHandler = (event: SQSEvent, invocation: Invocation) => Promise<SQSBatchResponse>;

/** A handler that runs a batch's tasks one after another, in order, and answers which are to be seen again. */
export function createRuntime<Task>(handler: TaskHandler<Task>, effects: Effects): ConsumerHandler {
  let isResolved = false;
  let runner: LimitedRunner<Task> | undefined;
  return async (event, invocation) => {
    const startedAtMs = effects.nowMs();
    const call = beginCall(invocation, startedAtMs);
    try {
      const records = recordsOf(event);
      if (!isResolved) {
        await withSignal(tasksEndMs(call), effects, (signal) =>
          resolveEnvironment(effects.environment, effects.lookUp, signal),
        );
      }
      isResolved = true;
      runner ??= createRunner(handler, effects);
      return await runBatch(records, call, runner);
    } catch (error) {
      // A function that others have made has no pipelineId, and the line then none.
      const pipelineId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
      const line = { sluice: 'call', level: 'error', pipelineId, requestId: call.requestId };
      const stamps = { startedAtMs, endedAtMs: effects.nowMs() };
      effects.write(logLine({ ...line, ...stamps }, { error: describeError(error) }));
      throw error;
    }
  };
}

interface LimitedRunner<Task> extends Runner<Task> {
  readonly limits: ConsumerLimits;
}

function createRunner<Task>(handler: TaskHandler<Task>, given: Effects): LimitedRunner<Task> {
  // A copy: to read `process.env` a few times costs more than all else that is done for a task.
  const effects: Effects = Object.assign(Object.create(given), { environment: { ...given.environment } });
  const limits = readLimits(effects.environment[CONSUMER_ENVIRONMENT.limits]);
  const once = limits.idempotency && createOnce(limits.idempotency, effects);
  const bursts = effects.bursts && createBurstCounter(effects.bursts, effects);
  return { handler, gate: createGate(limits, effects), once, bursts, effects, limits };
}

/** @throws {NotTasksError} */
function recordsOf(event: unknown): readonly SQSRecord[] {
  const keys = typeof event === 'object' && event !== null ? Object.keys(event) : [];
  const records = keys.includes('Records') ? (event as { readonly Records: unknown }).Records : undefined;
  if (!Array.isArray(records) || records.some((record) => typeof record?.body !== 'string')) {
    throw new NotTasksError(keys.length === 0 ? typeof event : `an object with ${keys.join(', ')}`);
  }
  return records;
}

/** What one message of a batch came to. */
interface Ended {
  readonly record: SQSRecord;
  readonly run: TaskRun;
  readonly settled: Settled;
}

async function runBatch<Task>(
  records: readonly SQSRecord[],
  call: Call,
  runner: LimitedRunner<Task>,
): Promise<SQSBatchResponse> {
  const { effects, gate, bursts } = runner;
  const metrics = createCallMetrics(effects);
  const batchItemFailures: { itemIdentifier: string }[] = [];
  const end = ({ record, run, settled }: Ended) => {
    if (!isOver(settled)) batchItemFailures.push({ itemIdentifier: record.messageId });
    writeTaskLines(record, run, settled, call, effects);
    metrics.add(record, run, settled.fate);
  };
  if (records.length === 0) {
    effects.write(logLine({ sluice: 'call', level: 'info', requestId: call.requestId, tasks: 0 }));
  }
  try {
    for (const [index, record] of records.entries()) {
      const run = hasRoom(call, runner)
        ? await runTask(record, call, runner)
        : notRun({ kind: 'notStarted' }, effects);
      end(await settled(record, run, call, runner));
      if (run.groupWaits === undefined && run.outcome.kind !== 'notStarted') continue;
      const behind = await settleBehind(run, records.slice(index + 1), call, runner);
      behind.forEach(end);
      break;
    }
  } finally {
    await asCaller(call, runner, (caller) =>
      Promise.all([gate.close(caller), bursts?.catchUp(call, caller.signal)]),
    );
    metrics.write();
  }
  return { batchItemFailures };
}

async function settled<Task>(
  record: SQSRecord,
  run: TaskRun,
  call: Call,
  { effects, limits }: LimitedRunner<Task>,
): Promise<Ended> {
  return { record, run, settled: await settle(record, run, call, effects, limits.maxReceives) };
}

function isOver({ fate }: Settled): boolean {
  return fate.kind === 'done' || fate.kind === 'deadLetter' || fate.anew === true;
}

/** What keeps one task of a batch waiting keeps those behind it waiting, too. */
async function settleBehind<Task>(
  { outcome, groupWaits }: TaskRun,
  records: readonly SQSRecord[],
  call: Call,
  runner: LimitedRunner<Task>,
): Promise<Ended[]> {
  if (records.length === 0) return [];
  const outcomes =
    groupWaits === undefined
      ? records.map(() => outcome)
      : await asCaller(call, runner, (caller) => runner.gate.putOff(groupWaits, records.length, caller));
  return Promise.all(
    records.map((record, index) =>
      settled(record, notRun(outcomes[index] ?? outcome, runner.effects), call, runner),
    ),
  );
}

/** On behalf of no task of the call in particular. */
function asCaller<Task, T>(
  call: Call,
  { effects }: Runner<Task>,
  run: (caller: Caller) => Promise<T>,
): Promise<T> {
  const ids = { pipelineId: effects.environment[CONSUMER_ENVIRONMENT.pipelineId], requestId: call.requestId };
  const problem = problemReporter(effects.write, ids);
  return withSignal(callEndsMs(call), effects, (signal) => run({ call, signal, problem }));
}
