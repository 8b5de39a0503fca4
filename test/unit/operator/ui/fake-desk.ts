import type { BurstProgress } from '../../../../core/burst/progress.ts';
import type { BurstResult } from '../../../../core/burst/result.ts';
import { createEdits } from '../../../../operator/desk/edits.ts';
import { masked } from '../../../../operator/desk/masks.ts';
import { standingOf } from '../../../../operator/desk/standing.ts';
import type { StagePorts } from '../../../../operator/stage/stage.ts';
import { type Desk, DeskFault } from '../../../../operator/views/desk.ts';
import type { PipelineView } from '../../../../operator/views/pipelines.ts';
import { curvesOf, madeUpBursts, newBurst, progressed } from './made-up/bursts.ts';
import { deadLettersOf, madeUpCurves, madeUpEvents } from './made-up/measured.ts';
import { lookAt, rowOf, statusOf } from './made-up/pipelines.ts';
import { type Fields, type Records, recordOf } from './made-up/records.ts';
import { madeUpRollouts } from './made-up/rollouts.ts';

interface Deed {
  readonly deed: string;
  readonly of: string;
  readonly with?: unknown;
}

/** A desk of a stage that is made up, and lively: the same moment gives the same stage. */
export interface FakeDesk extends Desk {
  /** What was asked of it that changes something, in order. */
  readonly deeds: readonly Deed[];
  /** As others may edit them, too. */
  readonly records: Records;
  /** From now on nothing answers. */
  breakDown(): void;
  mend(): void;
}

export function createFakeDesk(
  options: { readonly pipelines?: number; readonly nowMs?: () => number } = {},
): FakeDesk {
  const { pipelines = 60, nowMs = Date.now } = options;
  const beganMs = nowMs();
  const records: Records = new Map();
  for (let at = 0; at < pipelines; at += 1) {
    const record = recordOf(at);
    records.set(String(record.pipelineId), record);
  }
  const sent: { readonly burst: BurstProgress; readonly seconds: number }[] = [];
  const deeds: Deed[] = [];
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
  const rowAt = (record: Fields, at: number, isSeen: boolean) => rowOf(record, at, isSeen, beganMs, nowMs());
  const does = async (deed: string, of: string, given?: unknown) => {
    answering();
    deeds.push({ deed, of, ...(given === undefined ? {} : { with: given }) });
  };
  const edits = createEdits({ stage: 'local', ports: portsOf(records, answering) });
  const allBursts = () => [
    ...sent.map(({ burst, seconds }) => progressed(burst, seconds, nowMs())),
    ...madeUpBursts(beganMs, nowMs()),
  ];

  return {
    stage: 'local',
    region: 'eu-west-1',
    isLocal: true,
    deeds,
    records,
    ...edits,
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
        rowAt(record, at, isSeen(String(record.pipelineId))),
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
      const row = rowAt(record, indexOf(pipelineId), true);
      const status = statusOf(record, row, nowMs());
      const bursts = allBursts().filter((burst) => burst.pipelineId === pipelineId);
      const shown = showValues ? record : masked(record);
      return { row, record: shown, standing: standingOf(record), status, bursts } satisfies PipelineView;
    },
    async put(record, expected) {
      const found = await edits.put(record, expected);
      await does('put', (record as { pipelineId: string }).pipelineId, record);
      return found;
    },
    async remove(pipelineId) {
      await edits.remove(pipelineId);
      await does('remove', pipelineId);
    },
    async setPaused(pipelineId, isPaused) {
      await does('setPaused', pipelineId, isPaused);
      return edits.setPaused(pipelineId, isPaused);
    },
    async forceBreaker(pipelineId, to) {
      await does('forceBreaker', pipelineId, to);
      return edits.forceBreaker(pipelineId, to);
    },
    purge: (pipelineId, queue) => does('purge', pipelineId, queue),
    async outlook(pipelineId) {
      const record = recordAt(pipelineId);
      const { waiting, running } = lookAt(record, indexOf(pipelineId), beganMs, nowMs());
      const { verdict, says, remedy } = rowAt(record, indexOf(pipelineId), true);
      const isStopped = verdict.kind === 'held' || verdict.kind === 'breakerOpen';
      const rateLimits = record.rateLimit ? [record.rateLimit as { tasks: number; perSeconds: number }] : [];
      return {
        pipelineId,
        bounds: { concurrency: Number(record.concurrency ?? 2), rateLimits, backlog: waiting + running },
        measured: { meanSeconds: 1.2, p95Seconds: 2.6 },
        timeoutSeconds: 30,
        messageRetentionSeconds: 1_209_600,
        isPaused: record.paused === true,
        ...(isStopped && { stopped: { kind: verdict.kind, says, ...(remedy && { remedy }) } }),
      };
    },
    async keepTasks() {
      return { bucket: 'sluice-local-bursts', key: 'inputs/1.jsonl' };
    },
    async send(burst) {
      const {
        pipelineId,
        tasks,
        count = tasks?.length ?? 1,
      } = burst as {
        readonly pipelineId: string;
        readonly tasks?: readonly unknown[];
        readonly count?: number;
      };
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
    async steerBurst(burstId, deed) {
      await does('steerBurst', burstId, deed);
      return { message: deed.replan ? 'what is left of it is about to be planned anew' : 'it is being sent' };
    },
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

/** All that an edit of a record takes. */
function portsOf(records: Records, answering: () => void): StagePorts {
  const idOf = (record: Fields) => String(record.pipelineId);
  const ports = {
    configs: {
      async read(pipelineId: string) {
        answering();
        return records.get(pipelineId);
      },
    },
    statuses: { read: async () => undefined },
    ledgers: { read: async () => undefined },
    edits: {
      async put(record: Fields, expected: Fields | undefined) {
        if (records.get(idOf(record)) !== expected) return 'conflict';
        records.set(idOf(record), record);
        return 'put';
      },
      remove: async (pipelineId: string) => (records.delete(pipelineId) ? 'removed' : 'none'),
    },
  };
  return ports as unknown as StagePorts;
}
