import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer } from '../../../../../consumer/index.ts';
import { type DemoTask, TASK_MS } from '../../fleet.ts';
import { stamp } from '../stamping.ts';

export const handler = createConsumer<DemoTask>(({ task }, { log }) =>
  stamp(log, { task, release: 1 }, () => sleep(TASK_MS)),
);
