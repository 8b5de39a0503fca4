/**
 * `npm run demo:limits`: three groups with limits of their own, and an API that allows more, less, nothing and enough
 * again; beside it the same with plain queues and functions. On a local stage of its own.
 * `npm run -s demo:limits -- --json`: the same, with JSON on standard output and the talk on standard error.
 * Exit code 1 if anything is not so.
 */
import { parseArgs } from 'node:util';
import { deployStage, removeStage } from '../../local-stage/deploy.ts';
import { startEmulator } from '../../local-stage/emulator.ts';
import { driveStage } from '../../stage-driver.ts';
import { GROUPS } from './groups.ts';
import { runPlain } from './plain-run.ts';
import { closingTables, limitsResult } from './report.ts';
import { runSluice } from './sluice-run.ts';

const STAGE = 'limits';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line: string) => process.stderr.write(`${line}\n`);
const tell = (line: string) => (values.json ? process.stderr : process.stdout).write(`${line}\n`);

say('bringing up a local stage of its own …');
const emulator = await startEmulator({ name: STAGE, say });
try {
  const outputs = await deployStage({ connection: emulator, stage: STAGE });
  const stage = driveStage(emulator, STAGE, outputs);
  say('3,000 tasks, a pipeline for each group …');
  const sluice = await runSluice(stage, outputs.HoldsTable ?? '', say);
  say('the same tasks with plain queues and functions …');
  const asMany = GROUPS.map((group, at) => ({ group, concurrency: sluice[at]?.concurrency ?? 2 }));
  const plain = await runPlain(emulator, stage.queues, asMany, say);

  const result = limitsResult(sluice, plain);
  tell(`\n${closingTables(result)}`);
  if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.problems.length === 0 ? 0 : 1;

  say('cleaning up …');
  await removeStage({ connection: emulator, stage: STAGE, discard: true });
} finally {
  await emulator.stop();
}
