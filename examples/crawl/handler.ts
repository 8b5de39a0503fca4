import { createConsumer, DeadLetter } from '../../consumer/index.ts';

export const handler = createConsumer<{ url: string }>(async ({ url }, { signal, log }) => {
  const answer = await fetch(url, { signal });
  if (answer.status === 404) throw new DeadLetter('no such page');
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`, { cause: answer });
  log.info('page read', { url, bytes: (await answer.text()).length });
});
