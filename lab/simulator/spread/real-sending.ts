import type { OutgoingMessage, Ports } from '../../../aws/ports.ts';
import { type BurstRecord, NOTHING_SENT } from '../../../core/burst/record.ts';
import type { BurstPlan } from '../../../core/spread/plan.ts';
import { listedTasks } from '../../../functions/burst/sending/read-tasks.ts';
import { sendRound } from '../../../functions/burst/sending/round.ts';
import { roundsOf } from '../../../functions/burst/sending/rounds.ts';
import type { Chance } from '../chance.ts';
import { BEGIN_MS, VirtualClock } from '../clock.ts';
import type { Line, SentTask } from './sending.ts';

const BURST_ID = 'burst';

/** Sends a plan by the trigger's own code, on a virtual clock. How many calls it makes at once is its own affair. */
export async function sendByTrigger(
  plan: BurstPlan,
  durationsSeconds: readonly number[],
  line: Omit<Line, 'inFlight'>,
  chance: Chance,
): Promise<SentTask[]> {
  const clock = new VirtualClock();
  const sent: SentTask[] = [];
  let isOver = false;
  let failure: unknown;
  const over = (error?: unknown) => {
    isOver = true;
    failure = error;
  };
  sendRounds(recordOf(plan), durationsSeconds, portsOf(clock, line, chance, sent)).then(() => over(), over);
  clock.after(0, () => clock.willSettle());
  await clock.run({ limitMs: Number.POSITIVE_INFINITY, stop: () => isOver });
  if (failure !== undefined) throw failure;
  return sent;
}

async function sendRounds(
  record: BurstRecord,
  durationsSeconds: readonly number[],
  ports: Ports,
): Promise<void> {
  const tasks = durationsSeconds.map((estimatedSeconds) => ({ estimatedSeconds }));
  let mark = NOTHING_SENT;
  for await (const round of roundsOf(record, mark, listedTasks(tasks, BURST_ID))) {
    const end = await sendRound(
      { record, url: 'queue', round, mark, stopMs: Number.POSITIVE_INFINITY },
      ports,
    );
    if (end.kind !== 'sent') throw new Error(`a round ended ${end.kind}`);
    mark = end.mark;
  }
}

function recordOf(plan: BurstPlan): BurstRecord {
  return {
    ...{ burstId: BURST_ID, pipelineId: 'a', revision: 1, state: 'Sending', isCancelled: false },
    ...{ total: plan.count, given: plan.count, fingerprint: '', source: { kind: 'inline' } },
    ...{ segments: [{ fromIndex: 0, startMs: BEGIN_MS, plan }], isCounted: false, refusals: [] },
    ...{ createdAtMs: BEGIN_MS, updatedAtMs: BEGIN_MS },
  };
}

/** SQS and the table of bursts, as far as sending needs them. */
function portsOf(
  clock: VirtualClock,
  { callMs, lateShare, lateMs }: Omit<Line, 'inFlight'>,
  chance: Chance,
  sent: SentTask[],
): Ports {
  const answer = () => clock.sleep(chance.between(...callMs));
  const queues = {
    async send(_url: string, messages: readonly OutgoingMessage[]) {
      // Its delays are chosen already.
      if (chance.happens(lateShare)) await clock.sleep(chance.between(0, lateMs));
      const [callBeganMs, share] = [clock.nowMs(), chance.next()];
      await answer();
      const receivedMs = callBeganMs + (clock.nowMs() - callBeganMs) * share - BEGIN_MS;
      for (const { id, delaySeconds } of messages) {
        sent.push({ index: Number(id), receivedMs, delaySeconds: delaySeconds ?? 0 });
      }
      return [];
    },
  };
  const noted = async () => {
    await answer();
    return 'noted';
  };
  const ports: Pick<Ports, 'clock' | 'random'> & Record<'queues' | 'bursts', unknown> = {
    clock,
    random: () => chance.next(),
    queues,
    bursts: { noteCalls: noted, noteRound: noted },
  };
  return ports as unknown as Ports;
}
