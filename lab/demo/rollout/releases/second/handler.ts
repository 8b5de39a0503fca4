import { createConsumer } from '../../../../../consumer/index.ts';
import { stampingTask } from '../stamping.ts';

export const handler = createConsumer(stampingTask(2));
