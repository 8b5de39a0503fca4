/**
 * `node answer-once.mjs BUNDLE EVENT`: a fresh process that loads a bundled handler and answers one event, as JSON.
 * Writes its times to file 3, milliseconds. Plain JavaScript: taking types off would count as starting.
 */
import { writeSync } from 'node:fs';

const [, , bundle, event] = process.argv;
const call = { awsRequestId: '25bd1f0e-64a4-4d6c-9a4e-1d6a3c1c8a11', getRemainingTimeInMillis: () => 30_000 };

const beganMs = performance.now();
const { handler } = await import(bundle);
const loadedMs = performance.now();
const answer = await handler(JSON.parse(event), call);
const answeredMs = performance.now();
const { user, system } = process.cpuUsage();

if (answer.batchItemFailures.length > 0) throw new Error('the task failed');
const times = {
  answeredMs,
  cpuMs: (user + system) / 1000,
  loadMs: loadedMs - beganMs,
  firstCallMs: answeredMs - loadedMs,
};
writeSync(3, JSON.stringify(times));
