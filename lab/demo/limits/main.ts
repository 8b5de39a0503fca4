/**
 * `npm run demo:limits`: three groups with limits of their own, and an API that allows more, less, nothing and enough
 * again; beside it the same with plain queues and functions. On a local stage of its own.
 * `npm run -s demo:limits -- --json`: the same, with JSON on standard output and the talk on standard error.
 * Exit code 1 if anything is not so.
 */
import { driveStage } from '../../stage-driver.ts';
import { runJudgedDemo } from '../judged-demo.ts';
import { say } from '../own-stage.ts';
import { GROUPS } from './groups.ts';
import { runPlain } from './plain-run.ts';
import { closingTables, limitsResult } from './report.ts';
import { runSluice } from './sluice-run.ts';

const STAGE = 'limits';

await runJudgedDemo({
  stage: STAGE,
  play: async (emulator, outputs) => {
    const stage = driveStage(emulator, STAGE, outputs);
    say('3,000 tasks, a pipeline for each group …');
    const sluice = await runSluice(stage, outputs.HoldsTable ?? '', say);
    say('the same tasks with plain queues and functions …');
    const asMany = GROUPS.map((group, at) => ({ group, concurrency: sluice[at]?.concurrency ?? 2 }));
    return limitsResult(sluice, await runPlain(emulator, stage.queues, asMany, say));
  },
  closing: closingTables,
});
