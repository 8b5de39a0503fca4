import pLimit from 'p-limit';
import { requestIdlePermit } from '../../aws/control-plane-budget.ts';
import { AwsError } from '../../aws/errors.ts';
import { ACCOUNT_FACT, type AccountFact } from '../../core/account.ts';
import { lastDueMs } from '../../core/burst/due.ts';
import { measuredFact, pipelineMeasuredSchema } from '../../core/burst/measured.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord } from '../../core/burst/record.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { PASTS_KEPT, type Past } from '../../core/sweep/past.ts';
import { SWEEP_FACT, sweepOf } from '../../core/sweep/sweep.ts';
import type { StagePorts } from '../stage/stage.ts';
import type { Known } from './rows.ts';

/** Reads at the same time. */
const AT_ONCE = 24;
/** Bursts that are asked how far their sending is. */
const MOST_BURSTS = 50;
/** A person's tool makes a call in Lambda's bucket now and then: as in stages.yml. */
const CALLS_A_SECOND = 10;

/** A fact beside the point: where it cannot be read, as by a role that may not, the verdict goes without it. */
export async function ifReadable<T>(fact: Promise<T>): Promise<T | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** What the reconciler last knew of the account. */
export async function readAccountFact({
  ledgers,
}: Pick<StagePorts, 'ledgers'>): Promise<AccountFact | undefined> {
  return (await ledgers.read(ACCOUNT_FACT))?.value as AccountFact | undefined;
}

/** What the reconciler remembers of each pipeline from look to look. */
export async function readPasts({
  ledgers,
}: Pick<StagePorts, 'ledgers'>): Promise<(pipelineId: string) => Past | undefined> {
  const { pasts, whole } = sweepOf((await ledgers.read(SWEEP_FACT))?.value);
  const isFull = Object.keys(pasts).length >= PASTS_KEPT;
  // One that is not remembered had nothing in its queues at the last look, which was in this round or later.
  const empty = whole === undefined || isFull ? undefined : { atMs: whole.sinceMs, letters: 0 };
  return (pipelineId) => pasts[pipelineId] ?? empty;
}

/** What the tasks of these pipelines take, as far as their bursts have measured it. */
export async function readTaskSeconds(
  { ledgers }: Pick<StagePorts, 'ledgers'>,
  pipelineIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(
    pipelineIds.map((id) =>
      limit(async () => {
        const fact = await ledgers.read(measuredFact(id));
        return [id, pipelineMeasuredSchema.safeParse(fact?.value).data?.meanSeconds] as const;
      }),
    ),
  );
  return new Map(found.flatMap(([id, seconds]) => (seconds === undefined ? [] : [[id, seconds] as const])));
}

type BurstPorts = Pick<StagePorts, 'bursts'>;

/** Tasks that are not handed to their queues yet, by pipeline. */
export async function readAllUnsent({ bursts }: BurstPorts): Promise<ReadonlyMap<string, Known['unsent']>> {
  const records = await bursts.open(Number.MAX_SAFE_INTEGER, MOST_BURSTS);
  const ids = [...new Set(records.map(({ pipelineId }) => pipelineId))];
  const unsent = await Promise.all(
    ids.map((id) =>
      readUnsent(
        { bursts },
        records.filter(({ pipelineId }) => pipelineId === id),
      ),
    ),
  );
  return new Map(ids.map((id, at) => [id, unsent[at]]));
}

/** @param records of one pipeline */
export async function readUnsent(
  { bursts }: BurstPorts,
  records: readonly BurstRecord[],
): Promise<Known['unsent']> {
  const sending = records.filter(({ state }) => state === 'Sending' || state === 'Paused');
  const left = await Promise.all(
    sending.map(async (record) => {
      const { fromIndex } = await bursts.readSent(partsIdOf(record));
      const tasks = Math.max(0, record.total - fromIndex);
      return { tasks, lastDueMs: lastDueMs(record), paused: record.state === 'Paused' ? tasks : 0 };
    }),
  );
  const tasks = left.reduce((sum, one) => sum + one.tasks, 0);
  if (tasks === 0) return undefined;
  const paused = left.reduce((sum, one) => sum + one.paused, 0);
  return {
    tasks,
    lastDueMs: Math.max(...left.map((one) => one.lastDueMs)),
    ...(paused > 0 && { paused }),
  };
}

/**
 * Whether a pipeline's mapping is on: one call in Lambda's bucket, with leave of the stage's budget.
 * @returns undefined where it has none, or where the budget is busy: nobody's pause waits for a look
 */
export async function readMapping(
  ports: Pick<StagePorts, 'clock' | 'ledgers' | 'mappings'>,
  status: StatusRecord | undefined,
): Promise<Known['mapping']> {
  if (status?.eventSourceMappingId === undefined) return undefined;
  const permit = await requestIdlePermit(ports, CALLS_A_SECOND);
  if (permit === undefined) return undefined;
  const mapping = await ports.mappings.read(status.eventSourceMappingId, permit);
  return mapping === undefined || mapping.enabled ? 'on' : 'off';
}
