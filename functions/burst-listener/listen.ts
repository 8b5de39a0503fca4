import pLimit from 'p-limit';
import type { Ports } from '../../aws/ports.ts';
import { burstIdOf, type PartsId } from '../../core/burst/place.ts';
import { type BatchResult, tryAgainFrom } from '../../core/stream-batch.ts';
import { endBurst } from './end-burst.ts';

/** One record of the bursts table's stream: all blocks of a burst are over. */
export interface BurstOver {
  readonly partsId: PartsId;
  readonly sequenceNumber: string;
}

/** Bursts summed up at once; each reads some hundred shards at a time. */
const PARALLEL = 2;

/** Ends bursts, at least once. What cannot be done is delivered again; an end that is lost for good, the reconciler finds. */
export async function listen(events: readonly BurstOver[], ports: Ports): Promise<BatchResult> {
  const limit = pLimit(PARALLEL);
  const end = async ({ partsId }: BurstOver) => {
    try {
      await endBurst(partsId, 'over', ports);
    } catch (error) {
      ports.log.warn('could not end a burst', { burstId: burstIdOf(partsId), error: String(error) });
      throw error;
    }
  };
  const results = await Promise.allSettled(events.map((event) => limit(() => end(event))));
  const failed = events.filter((_, index) => results[index]?.status === 'rejected');
  return tryAgainFrom(failed.map(({ sequenceNumber }) => sequenceNumber));
}
