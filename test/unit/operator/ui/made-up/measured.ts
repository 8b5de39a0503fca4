import type { Curves, DeadLetterView, StageEvent } from '../../../../../operator/views/pipelines.ts';
import { recordOf } from './records.ts';

export function deadLettersOf(total: number, nowMs: number): DeadLetterView {
  if (total === 0) return { total: 0, sampled: 0, reasons: [], samples: [] };
  const reasons = [
    { reason: 'HttpError 404', letters: Math.ceil(total * 0.6) },
    { reason: 'TimeoutError', letters: Math.floor(total * 0.4) },
  ];
  const samples = Array.from({ length: Math.min(5, total) }, (_one, at) => ({
    messageId: `${(at * 7919 + 31_337).toString(16).padStart(8, '0')}-6f1c-4f5e-9b7d-2f6a1c0d9e8b`,
    reason: at % 2 === 0 ? 'HttpError 404' : 'TimeoutError',
    attempts: 5,
    error: {
      name: at % 2 === 0 ? 'HttpError' : 'TimeoutError',
      message: at % 2 === 0 ? 'GET https://example.com/documents/17 answered 404' : 'no answer within 20 s',
    },
    firstSentAtMs: nowMs - 3_600_000 - at * 60_000,
    body: JSON.stringify({ document: 17 + at }),
  }));
  return { total, sampled: total, reasons, samples };
}

export function madeUpCurves(minutes: number, concurrency: number, nowMs: number): Curves {
  const stepSeconds = Math.max(60, (minutes * 60) / 120);
  const points = Math.floor((minutes * 60) / stepSeconds);
  const series = (value: (at: number) => number | null) =>
    Array.from({ length: points }, (_one, at) => value(at));
  const wave = (at: number) => Math.max(0, Math.sin(at / 9) + 0.3);
  return {
    fromMs: nowMs - minutes * 60_000,
    stepSeconds,
    running: series((at) => Math.round(Math.min(concurrency, wave(at) * 1.6 * concurrency))),
    waiting: series((at) => Math.round(wave(at - 2) * 240)),
    p50Seconds: series((at) => (wave(at) === 0 ? null : 1.1 + 0.2 * Math.sin(at / 5))),
    p95Seconds: series((at) => (wave(at) === 0 ? null : 2.6 + 0.9 * Math.sin(at / 4))),
    throttled: series((at) => (at % 23 === 4 ? 6 : 0)),
    done: series((at) => Math.round(wave(at) * 180)),
  };
}

export function madeUpEvents(nowMs: number): StageEvent[] {
  const kinds = [
    {
      what: 'settled',
      says: 'Active, 6 s after update began',
      changes: [
        { path: 'concurrency', from: 4, to: 10 },
        { path: 'rateLimit.tasks', to: 25 },
        { path: 'rateLimit.perSeconds', to: 1 },
        { path: 'environment.API_KEY', says: 'changed' as const },
      ],
    },
    { what: 'Pipeline held', says: 'held for 30 s: the other side answered 429 with Retry-After' },
    { what: 'Breaker opened', says: 'opened: 14 of 20 tasks failed within 60 s; next probe in 30 s' },
    { what: 'Burst ended', says: '30 of 30 done in 98 s, peak 3, predicted 100 s' },
    { what: 'Rollout wave opened', says: 'consumer.zip 7Qz4rT1m: wave 2 of 4, 15 pipelines' },
    { what: 'Record rejected', says: 'timeoutSeconds must be an integer from 1 to 900, got 9000' },
  ];
  const minute = Math.floor(nowMs / 20_000);
  return Array.from({ length: 80 }, (_one, at) => {
    const kind = kinds[(minute - at) % kinds.length] ?? { what: '', says: '' };
    const { pipelineId } = recordOf((minute - at) % 60);
    return {
      atMs: (minute - at) * 20_000,
      ...kind,
      pipelineId: String(pipelineId),
      detail: { source: 'sluice', revision: at },
    };
  });
}
