import type { AccountFact } from '../../core/account.ts';
import { agesToAsk } from '../../core/sweep/ages.ts';
import { type Judged, judge, type Looked } from '../../core/sweep/judge.ts';
import { type Past, pastAfter } from '../../core/sweep/past.ts';
import { newRound, type Round, withJudged } from '../../core/sweep/round.ts';
import { roundAt, SWEEP_FACT, type Sweep, sweepAfter, sweepOf } from '../../core/sweep/sweep.ts';
import { ATTENTION, attentionAfter, stageMetrics } from '../../core/sweep/told.ts';
import type { Look } from './look.ts';
import type { Session } from './session.ts';

/** A slice of the config records, and what was found of their pipelines. */
export interface Slice {
  /** The cursor that it was read from, and the one after it. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** One for each of its pipelines; undefined where it could not be looked at. */
  readonly looks: readonly (Look | undefined)[];
  readonly account: AccountFact | undefined;
}

/**
 * Says of all pipelines together how they do, and names those that need attention: from what this tick has read of them anyway,
 * two calls for what it remembers, one for ages and one for the event at most.
 */
export async function sweepPipelines(session: Session, slice: Slice): Promise<void> {
  const { ports, settings } = session;
  const fact = await ports.ledgers.read(SWEEP_FACT);
  const sweep = sweepOf(fact?.value);
  const { judged, pasts } = await judgeSlice(session, slice, sweep);
  const unseen = slice.looks.filter((look) => look === undefined).length;
  const round = withSlice(roundAt(sweep, slice.from), judged, unseen, ports.clock.nowMs());
  const isWhole = slice.to === undefined && round !== undefined;
  const next = sweepAfter(sweep, pasts, round, slice.to);
  for (const { name, value, pipelineId } of stageMetrics(next.whole, next.round)) {
    ports.metrics.count(name, value, pipelineId === undefined ? {} : { pipelineId });
  }
  const attention = isWhole ? attentionAfter(settings.stage, round, sweep.told) : undefined;
  if (attention !== undefined) await ports.events.publish(ATTENTION, { ...attention });
  // Told before it is written that it was: at least once.
  await ports.ledgers.write(SWEEP_FACT, next, fact?.revision ?? 0);
}

function withSlice(
  round: ReturnType<typeof roundAt>,
  judged: readonly Judged[],
  unseen: number,
  nowMs: number,
): Round | undefined {
  if (round === undefined) return undefined;
  return withJudged(round === 'begins' ? newRound(nowMs) : round, judged, unseen);
}

async function judgeSlice(session: Session, { looks, account }: Slice, sweep: Sweep) {
  const { ports, settings } = session;
  const nowMs = ports.clock.nowMs();
  const all = looks.flatMap((look) => look?.looked ?? []);
  const paused = all
    .filter(({ status }) => status.applied?.wanted.paused)
    .map(({ pipelineId }) => pipelineId);
  const pasts = await withAges(session, pastsAfter(all, sweep, nowMs), new Set(paused));
  const judged = all.map((looked) => {
    const { pipelineId } = looked;
    const before = sweep.pasts[pipelineId];
    return judge(looked, before, pasts.get(pipelineId), account, settings.lateSeconds, nowMs);
  });
  const seen = new Set(all.map(({ pipelineId }) => pipelineId));
  const others = Object.entries(sweep.pasts).filter(([pipelineId]) => !seen.has(pipelineId));
  return { judged, pasts: Object.fromEntries([...others, ...pasts]) };
}

/** Of the pipelines that were looked at. */
function pastsAfter(all: readonly Looked[], sweep: Sweep, nowMs: number): ReadonlyMap<string, Past> {
  return new Map(
    all.flatMap(({ pipelineId, queues }) => {
      const past = queues && pastAfter(sweep.pasts[pipelineId], queues, nowMs);
      return past === undefined ? [] : [[pipelineId, past] as const];
    }),
  );
}

async function withAges(
  { ports, settings }: Session,
  pasts: ReadonlyMap<string, Past>,
  paused: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Past>> {
  const nowMs = ports.clock.nowMs();
  const ask = [...pasts].filter(([pipelineId]) => !paused.has(pipelineId));
  const asked = agesToAsk(ask, settings.lateSeconds, nowMs);
  if (asked.length === 0) return pasts;
  const ages = await ports.queueAges.oldest(asked);
  const aged = (id: string, past: Past): Past => {
    const seconds = ages.get(id);
    return seconds === undefined ? past : { ...past, aged: { seconds, atMs: nowMs } };
  };
  return new Map([...pasts].map(([id, past]) => [id, aged(id, past)]));
}
