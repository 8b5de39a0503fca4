import type { Verdict } from '../../../core/verdict/verdict.ts';
import { wordsOf } from '../../../core/verdict/words.ts';
import type { Desk } from '../../../operator/views/desk.ts';
import type { PipelineRow, QueueLook } from '../../../operator/views/pipelines.ts';

const RELEASE = { codeKey: 'consumer.zip', codeVersion: '7Qz4rT1mC8vX2nB5' };
const ACCOUNT = {
  concurrency: 1000,
  unreservedConcurrency: 900,
  codeBytesUsed: 8_000_000,
  codeBytesAllowed: 80_000_000_000,
};

/** As much of a desk as the overview asks for: so many pipelines, whose queues are never the same twice. */
export function madeUpDesk(pipelines: number): Desk {
  const ids = Array.from({ length: pipelines }, (_, at) => `customer-${String(at).padStart(4, '0')}`);
  const places = new Map(ids.map((id, at) => [id, at]));
  const desk: Pick<Desk, 'stage' | 'region' | 'isLocal' | 'overview' | 'look'> = {
    stage: 'bench',
    region: 'eu-west-1',
    isLocal: true,
    async overview(look = 'none') {
      const nowMs = Date.now();
      const looked = new Set(Array.isArray(look) ? look : []);
      const rows = ids.map((id, at) => rowOf(id, at, looked.has(id) ? lookAt(at, nowMs) : undefined, nowMs));
      return { stage: 'bench', atMs: nowMs, rows, account: ACCOUNT };
    },
    async look(pipelineIds) {
      const nowMs = Date.now();
      return new Map(pipelineIds.map((id) => [id, lookAt(places.get(id) ?? 0, nowMs)]));
    },
  };
  return desk as Desk;
}

function rowOf(pipelineId: string, at: number, look: QueueLook | undefined, nowMs: number): PipelineRow {
  const concurrency = 1 + (at % 12);
  const verdict = verdictOf(look, concurrency);
  return {
    pipelineId,
    phase: 'Active',
    verdict,
    ...wordsOf(verdict, nowMs),
    concurrency,
    ...(at % 4 === 1 && { perSecond: 1 + (at % 7) }),
    ...(look && { look, oldest: { sinceMs: nowMs - 1000 * (20 + (at % 240)), isAtMost: at % 3 === 0 } }),
    ...RELEASE,
    isPaused: false,
  };
}

/** Work comes in waves. */
function lookAt(at: number, nowMs: number): QueueLook {
  const waiting = Math.round((Math.sin(at + nowMs / 5_000) + 1.1) * (20 + ((at * 37) % 400)));
  const running = 1 + (at % 12);
  return {
    atMs: nowMs,
    waiting,
    running,
    delayed: at % 7 === 3 ? 40 : 0,
    deadLetters: at % 11 === 3 ? 3 : 0,
  };
}

function verdictOf(look: QueueLook | undefined, concurrency: number): Verdict {
  if (look === undefined) return { kind: 'idle', isResting: false };
  const { waiting, running, delayed } = look;
  return {
    kind: 'atConcurrency',
    load: { waiting, running, delayed },
    concurrency,
    etaSeconds: Math.ceil(waiting / concurrency),
  };
}
