/**
 * `npm run docs:screens`: the pictures of the page in docs/images/, of a local stage of its own with the example pipelines and
 * some neighbours, all at work. Takes some six minutes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { packFolder } from '../../operator/packing/pack-folder.ts';
import { zipReproducibly } from '../../operator/packing/zip.ts';
import { launch } from '../browser/chromium.ts';
import { deployStage } from '../local-stage/deploy.ts';
import { startEmulator } from '../local-stage/emulator.ts';
import { driveStage, type StageDriver } from '../stage-driver.ts';
import { startCamera, WIDE } from './pictures.ts';
import { BURST_OF, shownPipelines } from './records.ts';

const STAGE = 'local';
const CODE_KEY = 'consumer.zip';
const SEND_EVERY_MS = 8_000;
/** Curves have a point a minute. */
const WARM_UP_MS = 120_000;
const BURST = {
  burstId: 'november',
  pipelineId: BURST_OF,
  count: 240,
  spread: { minSeconds: 0, maxSeconds: 100 },
};
/** Some of it has come, some is still to come. */
const BURST_PERCENT = 55;
const PATIENCE_MS = 180_000;

const say = (line: string) => process.stderr.write(`${line}\n`);

const emulator = await startEmulator({ name: 'docs-screens', say });
const browser = await launch();
try {
  say('deploying …');
  const outputs = await deployStage({ connection: emulator, stage: STAGE });
  await photograph(driveStage(emulator, STAGE, outputs));
} finally {
  await browser.close();
  await emulator.stop();
}

async function photograph(stage: StageDriver): Promise<void> {
  const pipelines = await shownPipelines();
  const first = await release(stage, {});
  for (const { record, isPinned } of pipelines) {
    await stage.putConfigRecord({ ...record, ...(isPinned && { codeVersion: first }) });
  }
  for (const { record } of pipelines) {
    const isThere = ['Active', 'Paused', 'Rejected'];
    await stage.until(record.pipelineId, ({ phase }) => isThere.includes(phase));
  }
  const camera = await startCamera(browser, emulator, STAGE);
  const ended = new AbortController();
  const loads = pipelines.map(({ record, tasks }) =>
    keepSending(stage, record.pipelineId, tasks, ended.signal),
  );
  try {
    // So that the plan of the burst knows how long a task takes.
    await stage.send({ pipelineId: BURST_OF, count: 25 });
    const wide = await camera.open(WIDE);
    const tall = await camera.open({ ...WIDE, height: 900 });
    const dark = await camera.open({ ...WIDE, colours: 'dark' });
    const narrow = await camera.open({ ...WIDE, width: 380, height: 780 });
    say('warming up …');
    await sleep(WARM_UP_MS);
    await stage.send(BURST);
    say('taking pictures …');
    await camera.take(tall, 'bursts', `#/bursts/${BURST_OF}`, untilBurstHasCome);
    await release(stage, { bakeSeconds: 45, unknownSeconds: 60, minTasks: 5 });
    await camera.take(wide, 'rollouts', '#/rollouts', (page) =>
      page.locator('.release-open .health').first().waitFor({ timeout: PATIENCE_MS }),
    );
    await camera.take(wide, 'overview', '#/');
    await camera.take(dark, 'overview-dark', '#/');
    await camera.take(narrow, 'overview-narrow', '#/');
    await camera.take(wide, 'pipeline', '#/pipelines/website-c', async (page) => {
      await page.getByRole('button', { name: '15 min' }).click();
    });
    await camera.take(wide, 'record', '#/pipelines/website-c/record', async (page) => {
      await page.getByLabel('Concurrency', { exact: true }).fill('6');
    });
    await wide.getByRole('button', { name: 'Undo all' }).click();
    await camera.take(wide, 'dead-letters', '#/pipelines/customer-f/dead-letters');
    await camera.take(wide, 'events', '#/events');
  } finally {
    ended.abort();
    await Promise.allSettled(loads);
    await camera.close();
  }
}

async function untilBurstHasCome(page: Page): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  const bar = page.getByRole('progressbar').first();
  while (Number(await bar.getAttribute('aria-valuenow')) < BURST_PERCENT && Date.now() < endMs)
    await sleep(500);
}

/** The example consumer, as a release of its own. */
async function release(stage: StageDriver, rollout: object): Promise<string> {
  const { zip } = await packFolder('examples/process-document');
  const settings = new TextEncoder().encode(JSON.stringify({ rollout }));
  return stage.uploadCode(
    CODE_KEY,
    zipReproducibly(new Map([...Object.entries(unzipSync(zip)), ['sluice.json', settings]])),
  );
}

/** Gives a pipeline so many tasks again and again; whoever takes none is left alone. */
async function keepSending(
  stage: StageDriver,
  pipelineId: string,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && count > 0) {
    await stage.send({ pipelineId, count }).catch((error: Error) => say(`${pipelineId}: ${error.message}`));
    await sleep(SEND_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
