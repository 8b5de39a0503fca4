import { createConsumer } from '../../../../../consumer/index.ts';
import type { DemoTask } from '../../fleet.ts';
import { stamp } from '../stamping.ts';

/** Starts, and so passes its trial, which brings no tasks; it just cannot do any. */
export const handler = createConsumer<DemoTask>(({ task }, { log }) =>
  stamp(log, { task, release: 3 }, async () => {
    throw new Error(`release 3 cannot do task ${task}`);
  }),
);
