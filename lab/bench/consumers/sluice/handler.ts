import { createConsumer } from '../../../../consumer/index.ts';

/** Does nothing; the runtime writes its line for each task. */
export const handler = createConsumer(async () => {});
