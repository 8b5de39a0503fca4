import { createConsumer } from '../../../../../consumer/index.ts';
import type { DemoTask } from '../../fleet.ts';

/** Starts, and so passes its trial, which brings no tasks; it just cannot do any. */
export const handler = createConsumer<DemoTask>(({ task }, { log }) => {
  log.info('began', { task, release: 3 });
  throw new Error(`release 3 cannot do task ${task}`);
});
