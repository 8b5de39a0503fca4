import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer } from '../../../../consumer/index.ts';
import type { BurstTask } from '../settings.ts';

/** Takes as long as its task says, and says in its log line which one it was. */
export const handler = createConsumer<BurstTask>(async ({ document, estimatedSeconds }, { log, signal }) => {
  await sleep(estimatedSeconds * 1000, undefined, { signal });
  log.info('worked', { document });
});
