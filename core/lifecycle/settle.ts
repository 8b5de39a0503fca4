import type { PipelineNames } from '../names.ts';
import { type Problem, problemMessage } from '../problems.ts';
import type { Run, Salvage, StatusError, StatusRecord } from '../status-record.ts';
import { freeLease } from './lease.ts';
import { limitsNote } from './limits-note.ts';
import type { Memo } from './state.ts';
import type { Target } from './target.ts';

/** Former releases that a status names: dead letters of a release may be sent again after the next one has come. */
const FORMER_CODES = 3;
/** How long a `Deleted` status stays readable. */
const DELETED_STAYS_SECONDS = 86_400;

/** The status after a run that made everything as its target says. */
export function settled(
  status: StatusRecord,
  run: Run,
  memo: Memo,
  names: PipelineNames,
  overcommitted: number | undefined,
  salvage: Salvage | undefined,
  nowMs: number,
): StatusRecord {
  const {
    error: _error,
    failures: _failures,
    deferred,
    ceiling: _ceiling,
    overcommitted: _over,
    resting: _resting,
    hold,
    deletedAtMs: _deletedAt,
    salvage: _salvage,
    deadLettersBefore: _deadLetters,
    ...rest
  } = freeLease(status);
  const target = run.target ?? status.applied;
  const woken = target?.enabled === true && status.applied?.enabled === false;
  // Nothing is made and nothing is to be: what was said of a pipeline that is gone stands.
  if (target === undefined) return freeLease(status);
  const rests = !target.enabled && !target.wanted.paused;
  return {
    ...rest,
    phase: target.wanted.paused ? 'Paused' : 'Active',
    dirty: false,
    built: true,
    functionName: names.function,
    codeKey: target.code.key,
    codeVersion: target.code.version,
    configHash: target.hash,
    applied: target,
    limits: limitsNote(target, status.measured?.taskSeconds),
    updatedAt: iso(nowMs),
    ...defined({
      queueUrl: memo.queueUrl ?? status.queueUrl,
      deadLetterQueueUrl: memo.deadLetterQueueUrl ?? status.deadLetterQueueUrl,
      eventSourceMappingId: memo.mappingId ?? status.eventSourceMappingId,
      codeSha256: memo.codeSha256 ?? status.codeSha256,
      ...codeHistory(status, target, memo, nowMs),
      overcommitted,
      salvage,
      resting: rests ? true : undefined,
      // A run without a target of its own has found all as it was.
      hold: rests ? (run.target === undefined ? hold : run.held) : undefined,
      // A run that had nothing to do with the queues leaves what waits as it was.
      deferred: memo.deferred === undefined ? deferred : nonEmpty(memo.deferred),
      // Who has just been woken is not idle: what it was woken for may be gone before anybody looks.
      lastActivityAtMs: woken ? nowMs : (status.lastActivityAtMs ?? nowMs),
    }),
  };
}

/** Since when the code serves, and what served before it. */
function codeHistory(
  { applied, codeSinceMs, deadLettersBefore, formerCodes = [] }: StatusRecord,
  { code }: Target,
  memo: Memo,
  nowMs: number,
): Pick<StatusRecord, 'codeSinceMs' | 'deadLettersBefore' | 'formerCodes'> {
  const same = applied?.code.key === code.key && applied.code.version === code.version;
  if (same) return defined({ codeSinceMs, deadLettersBefore, formerCodes: nonEmpty(formerCodes) });
  const sinceMs = memo.codeSentMs ?? nowMs;
  const former = applied && {
    ...applied.code,
    sinceMs: codeSinceMs ?? 0,
    untilMs: sinceMs,
    ...defined({ deadLettersBefore }),
  };
  const formers = [...(former === undefined ? [] : [former]), ...formerCodes].slice(0, FORMER_CODES);
  return defined({
    codeSinceMs: sinceMs,
    deadLettersBefore: memo.deadLettersBefore,
    formerCodes: nonEmpty(formers),
  });
}

/** The status after a teardown. */
export function deleted(
  status: StatusRecord,
  memo: Memo,
  salvaged: Salvage | undefined,
  nowMs: number,
): StatusRecord {
  const { pipelineId, revision, fence } = status;
  return {
    pipelineId,
    revision,
    fence,
    phase: 'Deleted',
    built: false,
    dirty: false,
    deletedAtMs: memo.deletedAtMs ?? nowMs,
    updatedAt: iso(nowMs),
    expiresAt: Math.floor(nowMs / 1000) + DELETED_STAYS_SECONDS,
    ...defined({ salvage: salvaged }),
  };
}

/** The status of a record that went before anything was made for it. */
export function forgotten(status: StatusRecord, nowMs: number): StatusRecord {
  const { deletedAtMs: _none, ...rest } = deleted(status, {}, status.salvage, nowMs);
  return rest;
}

/**
 * The status of a bad record: what runs goes on as it was.
 * @param retryAtMs where time may mend it
 */
export function rejected(
  status: StatusRecord,
  problems: readonly Problem[],
  at: string,
  retryAtMs: number | undefined,
): StatusRecord {
  const { failures, expiresAt: _expiresAt, ...rest } = freeLease(status);
  const [first] = problems;
  const error: StatusError = {
    code: first?.code ?? 'Invalid',
    message: problems.map(problemMessage).join('; '),
    ...(first === undefined ? {} : { path: first.path }),
    at,
    problems,
  };
  return {
    ...rest,
    phase: 'Rejected',
    error,
    updatedAt: at,
    ...(retryAtMs === undefined ? {} : { failures: { count: (failures?.count ?? 0) + 1, retryAtMs } }),
  };
}

export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly step: string;
}

/** The status after a run that failed: the lease is free, and the next try has its time. */
export function failedRun(
  status: StatusRecord,
  report: FailureReport,
  retryAtMs: number,
  nowMs: number,
): StatusRecord {
  const at = iso(nowMs);
  const { code, message, step } = report;
  const { expiresAt: _expiresAt, ...rest } = freeLease(status);
  return {
    ...rest,
    phase: 'Failed',
    error: { code, message, step, at },
    failures: { count: (status.failures?.count ?? 0) + 1, retryAtMs },
    updatedAt: at,
  };
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
