import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import { findChromium, launch } from '../../browser/chromium.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import type { TestStage } from '../stage/test-stage.ts';

/** Deploying the stage is part of the first. */
jest.setTimeout(240_000);
const SOON_MS = 60_000;
const pipelineId = 'page-one';

const executable = findChromium();
const suite =
  executable === undefined
    ? (name: string, _tests: () => void) =>
        describe(name, () => {
          it('is not tested here: there is no Chromium (install it, or name one in CHROMIUM)', () => {
            expect(executable).toBeUndefined();
          });
        })
    : describe;

/** One test after another: the life of one pipeline, by hand on the page. */
suite('on the page of a stage that runs, a pipeline', () => {
  let stage: TestStage;
  let served: ChildProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await sharedStage();
    served = serveOf(stage);
    const [url] = await once(createInterface({ input: served.stdout as NodeJS.ReadableStream }), 'line');
    browser = await launch(executable ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(SOON_MS);
    await page.goto(String(url));
    await page.getByText('live', { exact: true }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    if (served === undefined) return;
    const over = once(served, 'exit');
    served.disconnect();
    expect(await over).toEqual([0, null]);
  });

  const go = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  const agree = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  const phase = (name: string) => page.locator('.pipeline-title .phase', { hasText: name }).waitFor();

  it('is added by its form, and becomes active without the page being loaded again', async () => {
    await go('#/new');
    await page.getByLabel('Pipeline id').fill(pipelineId);
    await page.getByLabel('Concurrency', { exact: true }).fill('2');
    await page.getByLabel('Timeout', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Review and add' }).click();
    await agree('Add the pipeline');
    await phase('Active');
    expect(await stage.ports.configs.read(pipelineId)).toMatchObject({ concurrency: 2, timeoutSeconds: 5 });
  });

  it('refuses a value that the stage refuses, before it is saved', async () => {
    await go(`#/pipelines/${pipelineId}/record`);
    await page.getByLabel('Memory', { exact: true }).fill('1');
    await page.getByText('must be an integer from 128 to 10240').first().waitFor();
    expect(await page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Undo all' }).click();
  });

  it('gets a burst that was tried out, and shows it to its end', async () => {
    await go(`#/bursts/${pipelineId}`);
    await page.getByText(`${pipelineId}: 2 at once`).waitFor();
    await page.getByRole('button', { name: 'At once', exact: true }).click();
    await page.getByLabel(/^Tasks/).press('Home');
    await page.getByRole('button', { name: 'Send 1 task' }).click();
    await agree('Send');
    await page.getByText('1 task accepted').waitFor();
    await page.getByText(/over after/).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
  });

  it('rests and works again by one click', async () => {
    await go(`#/pipelines/${pipelineId}`);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await phase('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await phase('Active');
  });

  it('shows the history of its changes, its dead letters and its curves', async () => {
    await go(`#/pipelines/${pipelineId}/events`);
    await page.locator('.events li').first().waitFor();
    await go(`#/pipelines/${pipelineId}/dead-letters`);
    await page.getByText('No dead letters').waitFor();
    await go(`#/pipelines/${pipelineId}`);
    await page.locator('.curve').nth(3).waitFor();
  });

  it('is deleted once its name is typed, and goes', async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(pipelineId);
    await agree('Delete the pipeline');
    await phase('Deleted');
    expect(await stage.ports.configs.read(pipelineId)).toBeUndefined();
  });

  it('is part of what the other screens show', async () => {
    await go('#/rollouts');
    await page
      .getByRole('heading', { name: /consumer\.zip/ })
      .first()
      .waitFor();
    await go('#/events');
    await page.locator('.events li', { hasText: pipelineId }).first().waitFor();
  });
});

/** As somebody calls it; it ends when its channel does. */
function serveOf({ stage, connection }: TestStage): ChildProcess {
  const { endpoint, region, accessKeyId, secretAccessKey } = connection;
  return spawn(
    process.execPath,
    [join(projectRoot, 'operator/cli/sluice.js'), 'ui', '--no-open', '--stage', stage],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    },
  );
}
