import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer } from '../../../consumer/index.ts';
import type { GroupTask } from '../sequence.ts';

/** Takes as long as its task says, and says in its log line which group it was of. */
export const handler = createConsumer<GroupTask>(async ({ group, document, processingSeconds }, { log }) => {
  await sleep(processingSeconds * 1000);
  log.info('worked', { group, document });
});
