/**
 * `npm run demo:burst`: one burst of 200 tasks handed over all at once, with random delays, and planned, on a local stage of
 * its own; writes the picture docs/images/burst.svg.
 * `npm run -s demo:burst -- --json`: the same, with JSON on standard output and the talk on standard error.
 * Exit code 1 if anything is not so.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsumer } from '../../build/consumer.ts';
import { localFolder, projectRoot } from '../../local-stage/paths.ts';
import { driveStage } from '../../stage-driver.ts';
import { runJudgedDemo } from '../judged-demo.ts';
import { say } from '../own-stage.ts';
import { burstChart } from './chart.ts';
import { burstDemoResult, closingTable } from './report.ts';
import { resultOf } from './results.ts';
import { makeReady, runAtOnce, runPlanned, runRandom } from './runs.ts';

const STAGE = 'burst';
const PICTURE = join(projectRoot, 'docs', 'images', 'burst.svg');

await runJudgedDemo({
  stage: STAGE,
  play: async (emulator, outputs) => {
    const stage = driveStage(emulator, STAGE, outputs);
    const { path } = await buildConsumer(join(import.meta.dirname, 'task'), join(localFolder, 'burst.zip'));
    await stage.uploadCode('consumer.zip', await readFile(path));
    say('a pipeline with room for all of them …');
    const ready = await makeReady(stage, outputs.BurstsTable ?? '', say);
    say('200 tasks of 2 s, all at once …');
    const atOnce = resultOf(await runAtOnce(ready));
    say('the same with random delays of 10 to 100 s …');
    const random = resultOf(await runRandom(ready));
    say('the same, planned over the same window …');
    const planned = resultOf(await runPlanned(ready));
    const result = burstDemoResult({ 'at once': atOnce, random, planned });
    await writeFile(PICTURE, burstChart(result.runs));
    say(`the picture is ${PICTURE}`);
    return result;
  },
  closing: closingTable,
});
