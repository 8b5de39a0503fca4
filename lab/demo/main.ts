/** `npm run demo [-- --json FILE]`: the story of the two queues, for real, on a local stage of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConsumer } from '../build/consumer.ts';
import { localFolder } from '../local-stage/paths.ts';
import { driveStage } from '../stage-driver.ts';
import { changeLimit, deleteWithTasks } from './live-changes.ts';
import { onOwnStage, say } from './own-stage.ts';
import { comparisonTable, type DemoResult, problemsOf } from './report.ts';
import { runShared, runSplit } from './two-lanes.ts';

const STAGE = 'demo';
const ROUNDS = 10;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
await onOwnStage(STAGE, async (emulator, outputs) => {
  const stage = driveStage(emulator, STAGE, outputs);
  const { path } = await buildConsumer(
    join(import.meta.dirname, 'group-task'),
    join(localFolder, 'demo.zip'),
  );
  await stage.uploadCode('consumer.zip', await readFile(path));

  say(`one shared queue, four workers, ${ROUNDS} times the sequence …`);
  const shared = await runShared(stage, ROUNDS);
  say('one pipeline for each group, the same tasks …');
  const split = await runSplit(stage, ROUNDS);
  say('A is edited from 2 to 4 while it works …');
  const edit = await changeLimit(stage);
  say('B is deleted while it has tasks …');
  const deletion = await deleteWithTasks(stage);

  const result: DemoResult = { rounds: ROUNDS, shared, split, edit, deletion };
  const problems = problemsOf(result);
  process.stdout.write(`${comparisonTable(result)}\n`);
  for (const problem of problems) process.stdout.write(`NOT SO: ${problem}\n`);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ ...result, problems }, null, 2)}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
});
