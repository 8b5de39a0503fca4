import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConsumerHandler,
  createConsumer,
  DeadLetter,
  Drop,
  RetryLater,
} from '../../../../consumer/index.ts';

/** What a test asks of a task. */
export interface TestTask {
  readonly document: number;
  readonly seconds?: number;
  /** Variables to write into the log: only a test's own, never a secret of anybody. */
  readonly show?: readonly string[];
  /** What it ends with, if not well. */
  readonly throws?: 'error' | 'drop' | 'deadLetter' | 'later';
  /** Until then, epoch milliseconds; afterwards it ends well. */
  readonly throwsUntilMs?: number;
}

/** A consumer that does as its task says, or else its variables SECONDS and THROWS, and says which release it is. */
export function obedientConsumer(release: number): ConsumerHandler {
  const { SECONDS = 0, THROWS } = process.env;
  return createConsumer<TestTask>(async (given, { attempt, log }) => {
    const task: TestTask = THROWS ? { throws: THROWS as 'error', ...given } : given;
    const { document, seconds = Number(SECONDS), show = [] } = task;
    log.info('began', { document, release, attempt });
    await sleep(seconds * 1000);
    if (Date.now() < (task.throwsUntilMs ?? Number.POSITIVE_INFINITY)) throwAsTold(task);
    const shown = Object.fromEntries(show.map((variable) => [variable, process.env[variable]]));
    log.info('worked', { document, release, shown });
  });
}

function throwAsTold({ throws }: TestTask): void {
  switch (throws) {
    case 'error':
      throw new TypeError('as told');
    case 'drop':
      throw new Drop('nothing to do');
    case 'deadLetter':
      throw new DeadLetter('no such document', { cause: new RangeError('as told') });
    case 'later':
      throw new RetryLater({ seconds: 1 });
  }
}
