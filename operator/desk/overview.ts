import type { StatusRecord } from '../../core/status-record.ts';
import type { Stage } from '../stage/stage.ts';
import type { LookChoice, PipelineDesk } from '../views/desk.ts';
import type { Overview, QueueLook } from '../views/pipelines.ts';
import type { Looker } from './look.ts';
import { readPurges } from './purges.ts';
import { ifReadable, readAccountFact, readAllUnsent, readPasts, readTaskSeconds } from './read-facts.ts';
import { rowOf } from './rows.ts';

/** For so long what CloudWatch said of the whole account serves on. */
const ACCOUNT_MS = 60_000;
/** Pipelines with work whose tasks' time is looked up, for how long the rest takes: a read each. */
const MOST_TIMED = 1_000;

type Looks = ReadonlyMap<string, QueueLook>;

/** All pipelines: those with a config record, and those with a status. */
export function createOverview(
  { stage, ports }: Pick<Stage, 'stage' | 'ports'>,
  looker: Looker,
): PipelineDesk['overview'] {
  const { tables, clock } = ports;
  const accountRunning = forAWhile(() => ifReadable(ports.accountRunning()), ACCOUNT_MS, clock.nowMs);

  return async (which = 'all'): Promise<Overview> => {
    const [configs, statuses, groups, account, pastOf, unsent, running, purgedAt] = await Promise.all([
      tables.configs(['pipelineId', 'paused']),
      tables.statuses(),
      tables.groups(),
      readAccountFact(ports),
      readPasts(ports),
      readAllUnsent(ports),
      accountRunning(),
      readPurges(ports),
    ]);
    const records = new Map(configs.map((record) => [String(record.pipelineId), record]));
    const known = new Map<string, StatusRecord>(statuses.map((status) => [status.pipelineId, status]));
    const ids = [...new Set([...records.keys(), ...known.keys()])].sort();
    const rowsWith = (looks: Looks, seconds: ReadonlyMap<string, number>, nowMs: number) =>
      ids.map((pipelineId) =>
        rowOf({
          pipelineId,
          nowMs,
          record: records.get(pipelineId),
          status: known.get(pipelineId),
          group: groups.get(pipelineId),
          look: looks.get(pipelineId),
          past: pastOf(pipelineId),
          account,
          accountRunning: running,
          taskSeconds: seconds.get(pipelineId),
          unsent: unsent.get(pipelineId),
          purgedAtMs: purgedAt(pipelineId),
        }),
      );
    const chosen = typeof which === 'function' ? which(rowsWith(new Map(), new Map(), clock.nowMs())) : which;
    looker.learn(statuses);
    const looks = await looker.look(idsToLookAt(chosen, ids, known));
    const timed = [...looks].filter(([, look]) => look.waiting + look.running > 0).slice(0, MOST_TIMED);
    const seconds = await readTaskSeconds(
      ports,
      timed.map(([id]) => id),
    );
    const nowMs = clock.nowMs();
    const rows = rowsWith(looks, seconds, nowMs);
    return { stage, atMs: nowMs, rows, ...(account && { account }) };
  };
}

/** What is deleted, or was never made, has no queue. */
function idsToLookAt(
  which: Exclude<LookChoice, (...all: never) => unknown>,
  ids: readonly string[],
  statuses: ReadonlyMap<string, StatusRecord>,
): readonly string[] {
  if (which === 'none') return [];
  const all = ids.filter((id) => statuses.get(id)?.queueUrl !== undefined);
  if (which === 'all') return all;
  const asked = new Set(which);
  return all.filter((id) => asked.has(id));
}

/** Asks again only after a while. */
function forAWhile<T>(ask: () => Promise<T>, forMs: number, nowMs: () => number): () => Promise<T> {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || nowMs() - last.atMs >= forMs) last = { atMs: nowMs(), answer: ask() };
    return last.answer;
  };
}
