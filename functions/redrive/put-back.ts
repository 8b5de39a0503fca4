import { AwsError } from '../../aws/errors.ts';
import type { Ports } from '../../aws/ports.ts';
import { SQS_BATCH_ENTRIES } from '../../core/aws-limits.ts';
import { chunks } from '../../core/chunks.ts';

/**
 * Puts letters back that were received and stay: whoever looks next need not wait for them. Those that could not be
 * put back come into sight by themselves.
 */
export async function putBack(url: string, receipts: readonly string[], ports: Ports): Promise<void> {
  for (const some of chunks(receipts, SQS_BATCH_ENTRIES)) {
    try {
      await ports.queues.putBack(url, some);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      ports.log.warn('dead letters stay out of sight for a while', { url, error: error.message });
    }
  }
}
