import { createProgressReader } from '../../aws/burst-progress.ts';
import { endingOf } from '../../core/lifecycle/what-happens.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Stage } from '../stage/stage.ts';
import { DeskFault, type PipelineDesk } from '../views/desk.ts';
import type { Looker } from './look.ts';
import { masked, maskedStatus } from './masks.ts';
import { readPurges } from './purges.ts';
import {
  ifReadable,
  readAccountFact,
  readMapping,
  readPasts,
  readTaskSeconds,
  readUnsent,
} from './read-facts.ts';
import { rowOf } from './rows.ts';
import { standingOf } from './standing.ts';
import { readUnresolved } from './unresolved.ts';

const NEWEST_BURSTS = 10;

/** One pipeline, with all that is written down of it. */
export function createShow(
  { stage, ports }: Pick<Stage, 'stage' | 'ports'>,
  looker: Looker,
): PipelineDesk['show'] {
  return async (pipelineId, showValues = false) => {
    const [record, status] = await Promise.all([
      ports.configs.read(pipelineId),
      ports.statuses.read(pipelineId),
    ]);
    if (record === undefined && status === undefined) throw unknownPipeline(pipelineId, stage);
    looker.learn([status]);
    const [group, looks, account, accountRunning, pastOf, seconds, bursts, mapping, ages, purgedAt] =
      await Promise.all([
        ports.holds.read(pipelineId),
        looker.look([pipelineId]),
        readAccountFact(ports),
        ifReadable(ports.accountRunning()),
        readPasts(ports),
        readTaskSeconds(ports, [pipelineId]),
        ports.bursts.ofPipeline(pipelineId, undefined, NEWEST_BURSTS),
        isAtRest(status) ? undefined : ifReadable(readMapping(ports, status)),
        ifReadable(ports.queueAges.oldest([pipelineId])),
        readPurges(ports),
      ]);
    const look = looks.get(pipelineId);
    const [progress, unresolved] = await Promise.all([
      Promise.all(bursts.items.map(({ burstId }) => createProgressReader(ports, burstId).read())),
      ifReadable(readUnresolved(ports, status, look)),
    ]);
    const nowMs = ports.clock.nowMs();
    const row = rowOf({
      pipelineId,
      nowMs,
      record,
      status,
      group,
      look,
      past: pastOf(pipelineId),
      account,
      accountRunning,
      // What its latest burst takes says more than what former ones took.
      taskSeconds:
        progress.find((one) => one?.taskSeconds !== undefined)?.taskSeconds ?? seconds.get(pipelineId),
      unsent: await readUnsent(ports, bursts.items),
      mapping,
      oldestSeconds: ages?.get(pipelineId),
      purgedAtMs: purgedAt(pipelineId),
      unresolved,
    });
    return {
      row,
      ...(record && { record: showValues ? record : masked(record) }),
      standing: standingOf(record),
      ...(status && { status: showValues ? status : maskedStatus(status) }),
      ...(group && { group }),
      ending: endingOf({
        status,
        group,
        record,
        nowMs,
        counts: look && { visible: look.waiting, inFlight: look.running, delayed: look.delayed },
        deadLetters: look?.deadLetters,
      }),
      bursts: progress.filter((one) => one !== undefined),
    };
  };
}

/** Nobody expects its mapping to be on. */
function isAtRest(status: StatusRecord | undefined): boolean {
  return status?.applied?.enabled !== true;
}

export function unknownPipeline(pipelineId: string, stage: string): DeskFault {
  return new DeskFault(
    'Unknown',
    `there is no pipeline ${pipelineId} in stage ${stage} — sluice ls shows those that there are`,
  );
}
