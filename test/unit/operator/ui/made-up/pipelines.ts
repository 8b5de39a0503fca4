import type { StatusRecord } from '../../../../../core/status-record.ts';
import type { Verdict } from '../../../../../core/verdict/verdict.ts';
import { wordsOf } from '../../../../../core/verdict/words.ts';
import type { PipelineRow, QueueLook } from '../../../../../operator/views/pipelines.ts';
import { type Fields, rateOf } from './records.ts';

const RELEASE = { codeKey: 'consumer.zip', codeVersion: '7Qz4rT1mC8vX2nB5' };

/** Two of three have work; it comes in waves. */
export function lookAt(record: Fields, at: number, beganMs: number, nowMs: number): QueueLook {
  const seconds = (nowMs - beganMs) / 1000;
  const most = Number(record.concurrency ?? 2);
  const isIdle = at % 3 === 2;
  const wave = Math.max(0, Math.sin(at + seconds / 20) + 0.4);
  const waiting = isIdle ? 0 : Math.round(wave * (20 + ((at * 37) % 400)));
  const rests = record.paused === true || at % 13 === 5 || at % 19 === 9;
  return {
    atMs: nowMs,
    waiting,
    running: isIdle || rests ? 0 : Math.min(most, waiting + 1),
    delayed: at % 7 === 3 ? 40 : 0,
    deadLetters: at % 11 === 3 ? 3 + (at % 40) : 0,
  };
}

function verdictOf(record: Fields, at: number, look: QueueLook, beganMs: number, nowMs: number): Verdict {
  const { waiting, running, delayed, deadLetters } = look;
  const load = { waiting, running, delayed };
  if (record.paused) return { kind: 'paused', waiting };
  if (at % 29 === 7) {
    return {
      kind: 'rejected',
      field: 'timeoutSeconds',
      message: 'timeoutSeconds must be an integer from 1 to 900, got 9000 — give whole seconds, 900 at most',
      goesOn: true,
    };
  }
  if (at % 13 === 5)
    return {
      kind: 'held',
      untilMs: beganMs + 90_000 * (1 + Math.floor((nowMs - beganMs) / 90_000)),
      isGuess: false,
    };
  if (at % 19 === 9) return { kind: 'breakerOpen', sinceMs: beganMs - 45_000, nextProbeMs: nowMs + 12_000 };
  if (at % 22 === 3) return { kind: 'deadLettering', perMinute: 2.4, letters: deadLetters };
  if (waiting + running === 0)
    return delayed > 0
      ? { kind: 'releasing', later: { tasks: delayed } }
      : { kind: 'idle', isResting: at % 2 === 0 };
  if (record.rateLimit) {
    const perSecond = rateOf(record);
    return { kind: 'atRate', load, perSecond, etaSeconds: Math.ceil(waiting / perSecond) };
  }
  const concurrency = Number(record.concurrency ?? 2);
  if (running >= concurrency)
    return { kind: 'atConcurrency', load, concurrency, etaSeconds: Math.ceil(waiting / concurrency) };
  return { kind: 'working', load, etaSeconds: 5 };
}

/** @param isSeen somebody looks at its queues */
export function rowOf(
  record: Fields,
  at: number,
  isSeen: boolean,
  beganMs: number,
  nowMs: number,
): PipelineRow {
  const look = lookAt(record, at, beganMs, nowMs);
  const real = verdictOf(record, at, look, beganMs, nowMs);
  const phase = real.kind === 'rejected' ? 'Rejected' : record.paused ? 'Paused' : 'Active';
  const verdict: Verdict = isSeen || phase === 'Rejected' ? real : { kind: 'idle', isResting: false };
  return {
    pipelineId: String(record.pipelineId),
    phase,
    verdict,
    ...wordsOf(verdict, nowMs),
    concurrency: Number(record.concurrency ?? 2),
    ...(record.rateLimit ? { perSecond: rateOf(record) } : {}),
    ...(isSeen && { look }),
    ...(isSeen &&
      look.waiting > 0 && {
        oldest: { sinceMs: beganMs - 1_000 * (20 + ((at * 17) % 240)), isAtMost: at % 3 === 0 },
      }),
    ...RELEASE,
    isPaused: record.paused === true,
  };
}

export function statusOf(record: Fields, row: PipelineRow, nowMs: number): StatusRecord {
  const name = `sluice-pipe-local-${row.pipelineId}`;
  return {
    pipelineId: row.pipelineId,
    revision: 4,
    phase: row.phase,
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`,
    functionName: name,
    ...RELEASE,
    updatedAt: new Date(nowMs - 600_000).toISOString(),
    fence: 2,
    built: true,
    dirty: false,
    limits: {
      method: record.rateLimit ? 'ledger' : 'none',
      concurrency: row.concurrency ?? 2,
      concurrencySource: 'record',
      usdPerMillion: record.rateLimit ? 1.88 : 0,
    },
    applied: {
      wanted: {
        ...record,
        concurrency: row.concurrency,
        rateLimits: record.rateLimit ? [record.rateLimit] : [],
        timeoutSeconds: 30,
      },
    },
  } as unknown as StatusRecord;
}
