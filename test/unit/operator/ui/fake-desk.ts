import type { BurstProgress } from '../../../../core/burst/progress.ts';
import type { BurstResult } from '../../../../core/burst/result.ts';
import type { FieldChange } from '../../../../core/config-record/changes.ts';
import type { ReleaseRecord } from '../../../../core/release/record.ts';
import { NO_COUNTS, NO_TASKS } from '../../../../core/release/record.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import type { Verdict } from '../../../../core/verdict/verdict.ts';
import { wordsOf } from '../../../../core/verdict/words.ts';
import { type BurstView, type Desk, DeskFault } from '../../../../operator/views/desk.ts';
import type {
  Curves,
  PipelineRow,
  PipelineView,
  QueueLook,
  RecordCheck,
  StageEvent,
} from '../../../../operator/views/pipelines.ts';

/** A desk of a stage that is made up, and lively: the same moment gives the same stage. */
export interface FakeDesk extends Desk {
  /** What was asked of it that changes something, in order. */
  readonly deeds: readonly { readonly deed: string; readonly of: string; readonly with?: unknown }[];
  /** From now on nothing answers. */
  breakDown(): void;
  mend(): void;
}

const NAMES = [
  'acme',
  'blue-harbour',
  'cobalt',
  'dovetail',
  'ember',
  'fjord',
  'granite',
  'halcyon',
  'indigo',
  'juniper',
];
const KINDS = ['crawl', 'invoices', 'mail', 'thumbnails', 'sync', 'exports'];
const RELEASE = { codeKey: 'consumer.zip', codeVersion: '7Qz4rT1mC8vX2nB5' };
const SECRET = 'sk_live_do_not_show';

export function createFakeDesk(
  options: { readonly pipelines?: number; readonly nowMs?: () => number } = {},
): FakeDesk {
  const { pipelines = 60, nowMs = Date.now } = options;
  const beganMs = nowMs();
  const records = new Map<string, Record<string, unknown>>();
  for (let at = 0; at < pipelines; at += 1) {
    const record = recordOf(at);
    records.set(String(record.pipelineId), record);
  }
  const sent: { readonly burst: BurstProgress; readonly seconds: number }[] = [];
  const deeds: { deed: string; of: string; with?: unknown }[] = [];
  let isDown = false;
  const answering = () => {
    if (isDown)
      throw new DeskFault('Unreachable', 'the stage local does not answer at http://127.0.0.1:4566');
  };
  const indexOf = (pipelineId: string) => [...records.keys()].indexOf(pipelineId);
  const recordAt = (pipelineId: string) => {
    answering();
    const record = records.get(pipelineId);
    if (record === undefined) throw new DeskFault('Unknown', `there is no pipeline ${pipelineId}`);
    return record;
  };
  const rowOf = (record: Record<string, unknown>, at: number, withLook: boolean): PipelineRow => {
    const look = lookAt(record, at, beganMs, nowMs());
    const verdict = verdictOf(record, at, look, beganMs, nowMs());
    const isRejected = verdict.kind === 'rejected';
    return {
      pipelineId: String(record.pipelineId),
      phase: isRejected
        ? 'Rejected'
        : record.paused
          ? 'Paused'
          : verdict.kind === 'failed'
            ? 'Failed'
            : 'Active',
      verdict:
        withLook || isRejected || verdict.kind === 'failed' ? verdict : { kind: 'idle', isResting: false },
      ...wordsOf(
        withLook || isRejected || verdict.kind === 'failed' ? verdict : { kind: 'idle', isResting: false },
        nowMs(),
      ),
      concurrency: Number(record.concurrency ?? 2),
      ...(record.rateLimit ? { perSecond: rateOf(record) } : {}),
      ...(withLook && { look }),
      ...(withLook &&
        look.waiting > 0 && {
          oldest: { sinceMs: beganMs - 1_000 * (20 + ((at * 17) % 240)), isAtMost: at % 3 === 0 },
        }),
      ...RELEASE,
      isPaused: record.paused === true,
    };
  };
  const does = async (deed: string, of: string, given?: unknown) => {
    answering();
    deeds.push({ deed, of, ...(given === undefined ? {} : { with: given }) });
  };
  const check = (record: unknown): RecordCheck => checkOf(record as Record<string, unknown>, records);
  const allBursts = () => [
    ...sent.map(({ burst, seconds }) => progressed(burst, seconds, nowMs())),
    ...madeUpBursts(beganMs, nowMs()),
  ];

  return {
    stage: 'local',
    region: 'eu-west-1',
    isLocal: true,
    deeds,
    breakDown: () => {
      isDown = true;
    },
    mend: () => {
      isDown = false;
    },
    async overview(look = 'all') {
      answering();
      const isSeen = (id: string) => look === 'all' || (Array.isArray(look) && look.includes(id));
      const rows = [...records.values()].map((record, at) =>
        rowOf(record, at, isSeen(String(record.pipelineId))),
      );
      const account = {
        concurrency: 1000,
        unreservedConcurrency: 900,
        codeBytesUsed: 8_000_000,
        codeBytesAllowed: 80_000_000_000,
        committedConcurrency: pipelines > 500 ? pipelines * 6 : 430,
      };
      return { stage: 'local', atMs: nowMs(), rows, account };
    },
    async look(pipelineIds) {
      answering();
      return new Map(
        pipelineIds.flatMap((id) => {
          const record = records.get(id);
          return record ? [[id, lookAt(record, indexOf(id), beganMs, nowMs())] as const] : [];
        }),
      );
    },
    async show(pipelineId, showValues = false) {
      const record = recordAt(pipelineId);
      const row = rowOf(record, indexOf(pipelineId), true);
      const status = statusOf(record, row, nowMs());
      const bursts = allBursts().filter((burst) => burst.pipelineId === pipelineId);
      return { row, record: showValues ? record : masked(record), status, bursts } satisfies PipelineView;
    },
    async check(record) {
      answering();
      return check(record);
    },
    async put(record, expected) {
      const found = check(record);
      if (found.problems.length > 0)
        throw new DeskFault('Invalid', 'the record is not valid', found.problems);
      const { pipelineId } = record as { pipelineId: string };
      const old = records.get(pipelineId);
      if (typeof expected === 'object' && old && isOther(masked(old), masked({ ...expected }))) {
        throw new DeskFault('Conflict', `somebody else has written ${pipelineId} meanwhile — load it again`);
      }
      await does('put', pipelineId, record);
      records.set(pipelineId, { ...(record as Record<string, unknown>) });
      return found;
    },
    async remove(pipelineId) {
      recordAt(pipelineId);
      await does('remove', pipelineId);
      records.delete(pipelineId);
    },
    async setPaused(pipelineId, isPaused) {
      const record = recordAt(pipelineId);
      await does('setPaused', pipelineId, isPaused);
      records.set(pipelineId, { ...record, paused: isPaused });
      return { problems: [], changes: [{ path: 'paused', to: isPaused }] };
    },
    async forceBreaker(pipelineId, to) {
      await does('forceBreaker', pipelineId, to);
      return { problems: [], changes: [] };
    },
    purge: (pipelineId, queue) => does('purge', pipelineId, queue),
    async outlook(pipelineId) {
      const record = recordAt(pipelineId);
      const { waiting, running } = lookAt(record, indexOf(pipelineId), beganMs, nowMs());
      const rateLimits = record.rateLimit ? [record.rateLimit as { tasks: number; perSeconds: number }] : [];
      return {
        pipelineId,
        bounds: { concurrency: Number(record.concurrency ?? 2), rateLimits, backlog: waiting + running },
        measured: { meanSeconds: 1.2, p95Seconds: 2.6 },
        timeoutSeconds: 30,
        messageRetentionSeconds: 1_209_600,
        isPaused: record.paused === true,
      };
    },
    async keepTasks() {
      return { bucket: 'sluice-local-bursts', key: 'inputs/1.jsonl' };
    },
    async send(burst) {
      const { pipelineId, count = 1 } = burst as { pipelineId: string; count?: number };
      recordAt(pipelineId);
      await does('send', pipelineId, burst);
      const seconds = 60;
      const burstId = `burst-${deeds.length}`;
      sent.unshift({ burst: newBurst(burstId, pipelineId, count, nowMs(), seconds), seconds });
      return {
        burstId,
        pipelineId,
        accepted: count,
        total: count,
        notAccepted: 0,
        failed: [],
        state: 'sent',
      } as unknown as BurstResult;
    },
    async bursts(pipelineId) {
      answering();
      return allBursts().filter((burst) => pipelineId === undefined || burst.pipelineId === pipelineId);
    },
    async burst(burstId) {
      const found = allBursts().find((burst) => burst.burstId === burstId);
      if (found === undefined) throw new DeskFault('Unknown', `there is no burst ${burstId}`);
      return { ...found, curves: curvesOf(found) };
    },
    steerBurst: (burstId, deed) => does('steerBurst', burstId, deed),
    async deadLetters(pipelineId) {
      const record = recordAt(pipelineId);
      const { deadLetters } = lookAt(record, indexOf(pipelineId), beganMs, nowMs());
      return deadLettersOf(deadLetters, nowMs());
    },
    redrive: (pipelineId, wish) => does('redrive', pipelineId, wish),
    async pushCode(codeKey) {
      return { codeKey, version: 'new' };
    },
    async rollouts() {
      answering();
      return madeUpRollouts(nowMs());
    },
    steerRollout: (request) => does('steerRollout', request.codeKey ?? '', request),
    async logs() {
      return [];
    },
    async events(_sinceMs, pipelineId) {
      answering();
      return madeUpEvents(nowMs()).filter(
        (event) => pipelineId === undefined || event.pipelineId === pipelineId,
      );
    },
    async curves(pipelineId, minutes) {
      const { concurrency = 2 } = recordAt(pipelineId);
      return madeUpCurves(minutes, Number(concurrency), nowMs());
    },
  };
}

function recordOf(at: number): Record<string, unknown> {
  const name = NAMES[at % NAMES.length];
  const kind = KINDS[Math.floor(at / NAMES.length) % KINDS.length];
  const round = Math.floor(at / (NAMES.length * KINDS.length));
  return {
    pipelineId: `${name}-${kind}${round === 0 ? '' : `-${round}`}`,
    concurrency: [2, 4, 10, 1, 6][at % 5],
    ...(at % 4 === 1 && { rateLimit: { tasks: 10 + (at % 7) * 5, perSeconds: at % 8 === 1 ? 1 : 60 } }),
    ...(at % 9 === 4 && { breaker: {} }),
    ...(at % 17 === 8 && { paused: true }),
    timeoutSeconds: 30,
    environment: { API_KEY: SECRET, MODE: 'production' },
  };
}

function rateOf({ rateLimit }: Record<string, unknown>): number {
  const { tasks, perSeconds } = rateLimit as { tasks: number; perSeconds: number };
  return tasks / perSeconds;
}

function isOther(one: object, other: object): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

function masked(record: Record<string, unknown>): Record<string, unknown> {
  const environment = record.environment as Record<string, string> | undefined;
  if (environment === undefined) return record;
  return {
    ...record,
    environment: Object.fromEntries(Object.keys(environment).map((name) => [name, '••••••••'])),
  };
}

/** Two of three have work; it comes in waves. */
function lookAt(record: Record<string, unknown>, at: number, beganMs: number, nowMs: number): QueueLook {
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

function verdictOf(
  record: Record<string, unknown>,
  at: number,
  look: QueueLook,
  beganMs: number,
  nowMs: number,
): Verdict {
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
    return delayed > 0 ? { kind: 'releasing', later: { tasks: delayed } } : { kind: 'idle', isResting: at % 2 === 0 };
  if (record.rateLimit) {
    const perSecond = rateOf(record);
    return { kind: 'atRate', load, perSecond, etaSeconds: Math.ceil(waiting / perSecond) };
  }
  const concurrency = Number(record.concurrency ?? 2);
  if (running >= concurrency)
    return { kind: 'atConcurrency', load, concurrency, etaSeconds: Math.ceil(waiting / concurrency) };
  return { kind: 'working', load, etaSeconds: 5 };
}

function statusOf(record: Record<string, unknown>, row: PipelineRow, nowMs: number): StatusRecord {
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

function checkOf(
  record: Record<string, unknown>,
  records: ReadonlyMap<string, Record<string, unknown>>,
): RecordCheck {
  const problems: RecordCheck['problems'][number][] = [];
  const { pipelineId, timeoutSeconds } = record;
  if (typeof pipelineId !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(pipelineId)) {
    problems.push({
      path: 'pipelineId',
      code: 'Missing',
      allowed: '1 to 40 letters, digits, - and _',
      given: String(pipelineId),
      hint: 'name the task group',
    });
  }
  if (timeoutSeconds !== undefined && !(Number(timeoutSeconds) >= 1 && Number(timeoutSeconds) <= 900)) {
    problems.push({
      path: 'timeoutSeconds',
      code: 'OutOfRange',
      allowed: 'an integer from 1 to 900',
      given: String(timeoutSeconds),
      hint: 'give whole seconds, 900 at most',
    });
  }
  const old = records.get(String(pipelineId));
  return { problems, changes: changesOf(old ? masked(old) : {}, masked(record)) };
}

function changesOf(from: Record<string, unknown>, to: Record<string, unknown>): FieldChange[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .filter((path) => JSON.stringify(from[path]) !== JSON.stringify(to[path]))
    .map((path) => ({
      path,
      ...(path in from && { from: from[path] }),
      ...(path in to && { to: to[path] }),
    }));
}

function newBurst(
  burstId: string,
  pipelineId: string,
  total: number,
  startMs: number,
  seconds: number,
): BurstProgress {
  const finishMs = startMs + seconds * 1000;
  return {
    burstId,
    pipelineId,
    state: 'Sent',
    isCancelled: false,
    isCounted: true,
    isWhole: true,
    atMs: startMs,
    startMs,
    totals: {
      total,
      sent: total,
      refused: 0,
      started: 0,
      running: 0,
      done: 0,
      failed: 0,
      deadLettered: 0,
      unaccounted: 0,
    },
    perSecond: 0,
    taskSeconds: 1.2,
    predicted: { finishMs, finishFromMs: finishMs - 3_000, finishToMs: finishMs + 9_000, peakConcurrency: 4 },
    eta: { kind: 'expected', atMs: finishMs, basis: 'plan' },
    peakConcurrency: 0,
  };
}

/** The burst as it is later: a little slower than it was planned. */
function progressed(burst: BurstProgress, seconds: number, nowMs: number): BurstProgress {
  const share = Math.min(1, (nowMs - burst.startMs) / (seconds * 1100));
  const { total } = burst.totals;
  const over = Math.floor(share * total);
  const isOver = share >= 1;
  const running = isOver ? 0 : Math.min(4, total - over);
  return {
    ...burst,
    state: isOver ? 'Ended' : burst.state,
    atMs: nowMs,
    totals: { ...burst.totals, running, done: over, started: Math.min(total, over + running) },
    perSecond: isOver ? 0 : total / (seconds * 1.1),
    peakConcurrency: 4,
    eta: isOver
      ? { kind: 'over', atMs: burst.startMs + seconds * 1100 }
      : { kind: 'expected', atMs: burst.startMs + seconds * 1100, basis: 'rate' },
  };
}

function madeUpBursts(beganMs: number, nowMs: number): BurstProgress[] {
  const running = progressed(
    newBurst('nightly-2026-05-04', 'blue-harbour-crawl', 1000, beganMs - 40_000, 300),
    300,
    nowMs,
  );
  const sending = progressed(
    newBurst('archive-scan', 'cobalt-crawl', 250_000, beganMs - 1_800_000, 7_200),
    7_200,
    nowMs,
  );
  const paused = newBurst('back-fill', 'ember-crawl', 5_000, beganMs - 900_000, 3_000);
  const ended = progressed(newBurst('documents-30', 'halcyon-crawl', 30, beganMs - 600_000, 100), 100, nowMs);
  return [
    running,
    {
      ...sending,
      state: 'Sending',
      totals: { ...sending.totals, sent: Math.max(sending.totals.started, 90_000), deadLettered: 12 },
    },
    {
      ...paused,
      state: 'Paused',
      atMs: nowMs,
      eta: { kind: 'unknown', why: 'paused' },
      totals: { ...paused.totals, sent: 1_500, done: 1_500, started: 1_500 },
    },
    ended,
  ];
}

/** Flat as it was planned, and somewhat less so as it went. */
function curvesOf({
  startMs,
  atMs,
  predicted,
  peakConcurrency,
}: BurstProgress): NonNullable<BurstView['curves']> {
  const seconds = (predicted.finishMs - startMs) / 1000;
  const peak = predicted.peakConcurrency;
  const at = (count: number, until: number, running: (at: number) => number) =>
    Array.from({ length: count }, (_one, point) => ({
      atSeconds: (until * point) / (count - 1),
      running: running(point),
    }));
  const line = at(60, seconds, (point) => (point === 0 || point === 59 ? 0 : peak * 0.85));
  const ran = at(80, Math.min((atMs - startMs) / 1000, seconds * 1.1), (point) =>
    point === 79 ? 0 : Math.min(peakConcurrency, Math.round(peak * (0.8 + 0.3 * Math.sin(point * 1.7)))),
  );
  return { predicted: line, actual: ran };
}

function deadLettersOf(total: number, nowMs: number) {
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

function madeUpCurves(minutes: number, concurrency: number, nowMs: number): Curves {
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

function madeUpEvents(nowMs: number): StageEvent[] {
  const kinds = [
    { what: 'Pipeline changed', says: 'concurrency 4 → 10, applied in 6 s' },
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

function madeUpRollouts(nowMs: number): ReleaseRecord[] {
  const iso = (ms: number) => new Date(ms).toISOString();
  const base = {
    codeKey: 'consumer.zip',
    revision: 3,
    bucket: 'sluice-local-code',
    sizeBytes: 48_000,
    warnings: [],
    settings: {},
    failedPipelines: [],
    evidence: [],
    paused: false,
    owner: 'x',
    aliveAtMs: nowMs,
    executions: 1,
    updatedAt: iso(nowMs),
    uploadedAt: iso(nowMs - 700_000),
  };
  const waves = [
    { reach: 0, canaries: true, pipelines: 2 },
    { reach: 0.1, canaries: false, pipelines: 6 },
    { reach: 0.5, canaries: false, pipelines: 24 },
    { reach: 1, canaries: false, pipelines: 28 },
  ];
  const tasks = (failures: number) => ({
    ...NO_TASKS,
    calls: 1800,
    tasks: 1800,
    failures,
    durationMs: 1_980_000,
  });
  return [
    {
      ...base,
      version: '9fKd2LmW0qPz7sYx',
      state: 'Rolling',
      from: '7Qz4rT1mC8vX2nB5',
      startedAt: iso(nowMs - 400_000),
      expectedEnd: iso(nowMs + 900_000),
      waves,
      wave: 2,
      counts: { ...NO_COUNTS, moved: 19, moving: 3, due: 10, waiting: 28 },
      health: { before: tasks(11), after: tasks(9), atMs: nowMs },
    },
    {
      ...base,
      version: '3hTr8NcV5bQa1jUe',
      state: 'RolledBack',
      reason: 'HttpError in 38 % of tasks of 4 pipelines, 2 % before',
      startedAt: iso(nowMs - 86_400_000),
      endedAt: iso(nowMs - 86_000_000),
      waves,
      wave: 1,
      returned: true,
      counts: { ...NO_COUNTS, moved: 0, waiting: 60 },
      evidence: [
        {
          pipelineId: 'acme-crawl',
          what: 'failures',
          message: '41 of 108 tasks failed, 2 of 120 before; at most 5 % more is allowed',
        },
      ],
      health: { before: tasks(30), after: tasks(690), atMs: nowMs - 86_100_000 },
    },
    {
      ...base,
      version: '7Qz4rT1mC8vX2nB5',
      state: 'Done',
      startedAt: iso(nowMs - 172_800_000),
      endedAt: iso(nowMs - 172_000_000),
      waves,
      wave: 3,
      counts: { ...NO_COUNTS, moved: 60 },
    },
  ];
}
