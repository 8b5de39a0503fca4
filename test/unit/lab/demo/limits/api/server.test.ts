import { afterEach, expect, it } from '@jest/globals';
import { type FakeApi, startFakeApi } from '../../../../../../lab/demo/limits/api/server.ts';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.stop();
  api = undefined;
});

const post = (url: string, body: string) => fetch(url, { method: 'POST', body });

it('goes by each group’s own script, answers with Retry-After, and keeps every request with the task’s own stamp', async () => {
  const start = (name: string, perSecond: number) => ({
    name,
    answerMs: 20,
    script: [{ name: 'enough' as const, seconds: 60, mood: { kind: 'allows' as const, perSecond } }] as const,
  });
  api = await startFakeApi([start('many', 1_000), start('few', 1)]);
  const { url } = api;
  const ask = (group: string, task: number) =>
    post(`${url}/${group}`, JSON.stringify({ task, startedAtMs: 12_345 + task }));

  expect(api.log('many')).toEqual({ beganAtMs: 0, requests: [] });
  const beforeMs = Date.now();
  const many = await Promise.all([1, 2, 3, 4].map((task) => ask('many', task)));
  const few = [await ask('few', 1), await ask('few', 2)];

  expect(many.every(({ status }) => status === 200 || status === 500)).toBe(true);
  expect(few[1]?.status).toBe(429);
  expect(few[1]?.headers.get('retry-after')).toBe('1');
  const { beganAtMs, requests } = api.log('many');
  expect(beganAtMs).toBeGreaterThanOrEqual(beforeMs);
  expect(requests.map(({ task }) => task).sort()).toEqual([1, 2, 3, 4]);
  for (const { task, startedAtMs, arrivedAtMs, answeredAtMs } of requests) {
    expect(startedAtMs).toBe(12_345 + task);
    // Timers may be a millisecond early.
    expect(answeredAtMs - arrivedAtMs).toBeGreaterThanOrEqual(19);
  }
  expect(api.log('few').requests.map(({ cause }) => cause)).toContain('throttled');
});

it('tells apart a mistake of the demo’s own from all that it plays', async () => {
  api = await startFakeApi([]);
  expect((await post(`${api.url}/nobody`, '{"task":1,"startedAtMs":1}')).status).toBe(400);
  expect((await post(`${api.url}/nobody`, 'no JSON')).status).toBe(400);
});
