import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerHandler, createConsumer } from '../../../../consumer/index.ts';

/** What a test asks of a task. */
export interface TestTask {
  readonly document: number;
  readonly seconds?: number;
  /** Variables to write into the log: only a test's own, never a secret of anybody. */
  readonly show?: readonly string[];
}

/** A consumer that does as its task says, and says which release it is. */
export function obedientConsumer(release: number): ConsumerHandler {
  return createConsumer<TestTask>(async ({ document, seconds = 0, show = [] }, { log }) => {
    await sleep(seconds * 1000);
    const shown = Object.fromEntries(show.map((variable) => [variable, process.env[variable]]));
    log.info('worked', { document, release, shown });
  });
}
