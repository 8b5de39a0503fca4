import { expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { considerCount, foresee } from '../../../../core/burst/foresee.ts';
import { numberedTasks } from '../../../../functions/burst/sending/read-tasks.ts';
import { measureBurst } from '../../../../functions/trigger/measure-burst.ts';

it('measures documents by number as tasks that say nothing of themselves, also where all take the same', async () => {
  const known = { measured: { meanSeconds: 2, p95Seconds: 2 }, timeoutSeconds: 30 };
  const tasks = { kind: 'numbered', count: 40 } as const;
  const measured = await measureBurst(tasks, numberedTasks(40, 'b'), known, {} as Ports, 0);
  const bounds = { concurrency: 50, rateLimits: [], backlog: 0 };
  const outlook = { ...known, bounds, pipelineId: 'p', messageRetentionSeconds: 1_209_600 };
  const { plan } = foresee(outlook, measured, { maxConcurrency: 10 });

  expect(plan).toEqual(foresee(outlook, considerCount(40, outlook), { maxConcurrency: 10 }).plan);
  // Four turns of ten tasks, two seconds each.
  expect(plan.predicted.finishSeconds).toBeGreaterThan(8);
  expect(plan.window.maxSeconds).toBeGreaterThan(5);
});
