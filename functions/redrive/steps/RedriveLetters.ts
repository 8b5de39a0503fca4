import type { Ports } from '../../../aws/ports.ts';
import { assertNever } from '../../../core/assert-never.ts';
import { sentAgain } from '../../../core/dead-letter.ts';
import { ROUNDS_MOST } from '../../../core/machine-step.ts';
import { judgeLetter } from '../../../core/redrive/match.ts';
import { paceOf, type RedrivePace } from '../../../core/redrive/pace.ts';
import {
  afterSlice,
  HIDDEN_SECONDS,
  planStep,
  waitSeconds,
  withLook,
  withSent,
  withSlice,
  withWait,
} from '../../../core/redrive/progress.ts';
import { ended, handOver, mayStillSend, type RedriveRecord } from '../../../core/redrive/record.ts';
import type { RedriveState } from '../../../core/redrive/redrive-state.ts';
import { noteActivity, wakeIfResting, wakeIfRestingNow } from '../../trigger/keep-awake.ts';
import { type Driven, drive, takeUp } from '../driven.ts';
import { type Group, lookAtGroup } from '../group.ts';
import { lookThrough } from '../look-through.ts';
import { measureForRedrive } from '../measure.ts';
import { putBack } from '../put-back.ts';

/** A step is over soon: the machine is what waits. */
const WORK_MS = 10_000;

type StepEnd = Pick<RedriveState, 'outcome' | 'afterSeconds'>;

/**
 * Sends as many dead letters again as may be sent now, and says when to come back.
 * @param rounds the so-manieth step of the execution
 * @param owner the execution's name
 */
export async function redriveLetters(
  pipelineId: string,
  rounds: number,
  owner: string,
  ports: Ports,
): Promise<StepEnd> {
  const driven = await takeUp(pipelineId, owner, ports);
  if (driven === undefined) return { outcome: 'over', afterSeconds: 0 };
  if (driven.isMine) await work(driven, rounds, ports);
  // Also where the attempt before this one has handed over, and crashed before the other began.
  if (!driven.isMine) await drive(driven.record, ports);
  return endOf(driven);
}

async function work(driven: Driven, rounds: number, ports: Ports): Promise<void> {
  const { record } = driven;
  if (rounds > ROUNDS_MOST) return driven.change((one) => handOver(one, ports.clock.nowMs()));
  const group = await lookAtGroup(record.pipelineId, ports);
  if (typeof group === 'string') {
    return driven.change((one) => ended(one, 'Stopped', group, ports.clock.nowMs()));
  }
  const measured = await measureForRedrive(record, ports);
  const pace = paceOf(group.status.applied.wanted, measured.taskSeconds);
  const nowMs = ports.clock.nowMs();
  const plan = planStep(record, pace, group.live, nowMs);
  switch (plan.kind) {
    case 'over':
      return driven.change((one) => ended(one, 'Done', plan.because, nowMs));
    case 'wait':
      return driven.change((one) => withWait({ ...one, ...measured }, plan.waitsFor, plan.afterMs, nowMs));
    case 'send': {
      const begin = (one: RedriveRecord) => withLook({ ...one, ...measured }, group.dead, nowMs);
      return send({ driven, group, pace, begin, most: plan.most }, ports);
    }
    default:
      return assertNever(plan);
  }
}

interface Sending {
  readonly driven: Driven;
  readonly group: Group;
  readonly pace: RedrivePace;
  /** The record with a look under way. */
  readonly begin: (record: RedriveRecord) => RedriveRecord;
  readonly most: number;
}

async function send(sending: Sending, ports: Ports): Promise<void> {
  const { driven, group, pace, begin } = sending;
  const { pipelineId, redriveId } = driven.record;
  // Woken first, so that it is awake when the tasks are there; asked again after, in case it just went to rest.
  const cause = `${redriveId} ${ports.clock.nowMs()}`;
  const woken = await wakeIfResting(await noteActivity(group.status, ports), cause, ports);
  const found = await search(sending, ports);
  if (!woken && found.sent > 0) await wakeIfRestingNow(pipelineId, cause, ports);
  const left = (await ports.queues.read(group.deadLetterQueueUrl))?.counts ?? group.dead;
  const nowMs = ports.clock.nowMs();
  const sliced = (one: RedriveRecord) => withSlice(begin(one), found, nowMs);
  await driven.change((one) => afterSlice(sliced(one), found.end, left, pace, nowMs), sliced);
  // Else the next step would come upon them again.
  if (!driven.isMine) await putBack(group.deadLetterQueueUrl, found.hidden, ports);
  if (found.sent > 0) ports.metrics.count('TasksRedriven', found.sent, { pipelineId, redriveId });
}

function search({ driven, group, pace, begin, most }: Sending, ports: Ports) {
  const { record } = driven;
  const { hiddenSeconds = HIDDEN_SECONDS, unread = 0 } = begin(record).look ?? {};
  return lookThrough(
    {
      ...group,
      hiddenSeconds,
      unread,
      judge: (letter) => {
        const verdict = judgeLetter(letter, record, record.startedAtMs);
        return verdict.kind === 'stay'
          ? verdict
          : { kind: 'take', again: sentAgain(letter, ports.clock.nowMs(), record.redriveId) };
      },
      async mayTake(count) {
        let isLeft = false;
        await driven.change((one) => {
          // Another attempt of this step may be running beside this one.
          isLeft = mayStillSend(one) >= count;
          return isLeft ? withSent(begin(one), count, pace, ports.clock.nowMs()) : one;
        });
        return isLeft && driven.isMine;
      },
      most,
      untilMs: ports.clock.nowMs() + WORK_MS,
    },
    ports,
  );
}

function endOf({ record, isMine, owner }: Driven): StepEnd {
  if (isMine) return { outcome: 'again', afterSeconds: waitSeconds(record) };
  const isDone = record.state === 'Done' && record.owner === owner;
  return { outcome: isDone ? 'done' : 'over', afterSeconds: 0 };
}
