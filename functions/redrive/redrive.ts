import type { Ports } from '../../aws/ports.ts';
import { assertNever } from '../../core/assert-never.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { type Asked, decideBeginning } from '../../core/redrive/begin.ts';
import { parseRedrive } from '../../core/redrive/input.ts';
import { ended } from '../../core/redrive/record.ts';
import { Refused } from '../../core/refused.ts';
import { readyPipeline } from '../trigger/ready-pipeline.ts';
import { changeRedrive, type KnownRedrive, readRedrive } from './change-redrive.ts';
import { drive } from './driven.ts';
import { type RedriveDryRun, tryRedrive } from './dry-run.ts';
import { type Group, lookAtGroup } from './group.ts';
import { lettersLeft, type RedriveProgress, reportOn } from './report.ts';

/**
 * Sends dead letters of one pipeline again, or says how that goes. Asked for the same while it is under way, or under
 * the same `redriveId` whenever, it begins nothing anew.
 * @param input `{pipelineId, reason?, first?, maxRedrives?, redriveId?, dryRun?}`, or with `stop` or `status` instead
 * @throws {Refused} `InvalidInput`, `UnknownPipeline`, `NotReady`, `Draining`, or `NotPossible` beside another redrive
 */
export async function redrive(input: unknown, ports: Ports): Promise<RedriveProgress | RedriveDryRun> {
  const request = parseRedrive(input);
  const { pipelineId } = request;
  switch (request.kind) {
    case 'begin':
      return begin(request, ports);
    case 'dryRun':
      return tryRedrive(await readyGroup(pipelineId, ports), request.wish, ports);
    case 'stop':
      return stop(pipelineId, ports);
    case 'status':
      return status(pipelineId, await readRedrive(pipelineId, ports), ports);
    default:
      return assertNever(request);
  }
}

async function begin(asked: Asked, ports: Ports): Promise<RedriveProgress> {
  const { pipelineId, wish } = asked;
  const { dead } = await readyGroup(pipelineId, ports);
  let message = '';
  const { record } = await changeRedrive(
    pipelineId,
    await readRedrive(pipelineId, ports),
    ports,
    (before) => {
      const beginning = decideBeginning(asked, before, ports.clock.nowMs());
      if (beginning.kind === 'refused') throw new Refused('NotPossible', beginning.message);
      message = beginning.message;
      return beginning.kind === 'write' ? beginning.next : undefined;
    },
  );
  ports.log.info('redrive', { pipelineId, ...wish, message });
  // The last call: one that fails after it would be asked for again, perhaps once it is over.
  if (record !== undefined) await drive(record, ports);
  return reportOn(pipelineId, record, messagesIn(dead), ports.clock.nowMs(), message);
}

async function stop(pipelineId: string, ports: Ports): Promise<RedriveProgress> {
  const known = await changeRedrive(pipelineId, await readRedrive(pipelineId, ports), ports, (one) =>
    one?.state === 'Running' ? ended(one, 'Stopped', 'stopped by hand', ports.clock.nowMs()) : undefined,
  );
  ports.log.info('redrive', { pipelineId, stop: true, state: known.record?.state ?? 'None' });
  return status(pipelineId, known, ports);
}

async function status(pipelineId: string, { record }: KnownRedrive, ports: Ports): Promise<RedriveProgress> {
  return reportOn(pipelineId, record, await lettersLeft(pipelineId, ports), ports.clock.nowMs());
}

/** @throws {Refused} where the pipeline takes no tasks */
async function readyGroup(pipelineId: string, ports: Ports): Promise<Group> {
  await readyPipeline(pipelineId, ports);
  const group = await lookAtGroup(pipelineId, ports);
  if (typeof group === 'string') throw new Refused('NotReady', `${pipelineId}: ${group} — try again later`);
  return group;
}
