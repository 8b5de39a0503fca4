import { createConsumer } from '../../../../../consumer/index.ts';

/** Starts, and so passes its trial, which brings no tasks; it just cannot do any. */
export const handler = createConsumer(async () => {
  throw new Error('this release cannot do anything');
});
