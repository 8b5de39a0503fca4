import { createConsumer } from '../../../../consumer/index.ts';
import type { LimitsTask } from '../groups.ts';

/** Asks the API once; what the API says no to is thrown, answer and all. */
export const handler = createConsumer<LimitsTask>(async ({ group, task }, { signal }) => {
  const startedAtMs = Date.now();
  const body = JSON.stringify({ task, startedAtMs });
  const answer = await fetch(`${process.env.API_URL}/${group}`, { method: 'POST', body, signal });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`, { cause: answer });
});
