import { beforeAll, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../core/status-record.ts';
import type { RedriveProgress } from '../../../functions/redrive/report.ts';
import { eventually } from '../stage/eventually.ts';
import { documents } from '../stage/test-stage.ts';
import { becomes, depthOf, onLivePage } from './live-page.ts';

const pipelineId = 'page-letters';
const parked = 'page-parked';
const [BROKEN, HOPELESS] = [4, 2];
const REDRIVE_SECONDS = 90;

/** One test after another: what a wrong variable has done is found, mended and made good, and the rest thrown away. */
onLivePage('on the page, dead letters', (live) => {
  const { go, agree } = live;
  let status: StatusRecord;
  let sinceMs: number;
  const letters = () => depthOf(live.stage, status.deadLetterQueueUrl);
  const reason = (name: string) => live.page.locator('.reasons li', { hasText: name });
  // What another look keeps out of sight comes back after half a minute.
  const untilRedriven = () =>
    eventually(
      async () => {
        const asked = { pipelineId, status: true };
        return (await live.stage.call(live.stage.outputs.RedriveFunction ?? '', asked)) as RedriveProgress;
      },
      ({ state }) => state === 'Done',
      'the redrive is over',
      REDRIVE_SECONDS,
    );

  beforeAll(async () => {
    sinceMs = Date.now();
    const record = { pipelineId, concurrency: 4, maxAttempts: 1, timeoutSeconds: 3 };
    const environment = { THROWS: 'error' };
    status = await live.stage.put({ ...record, visibilityTimeoutSeconds: 600, environment });
    await live.stage.put({ pipelineId: parked, paused: true });
    await live.stage.sendTasks(pipelineId, BROKEN);
    await live.stage.sendTasks(pipelineId, HOPELESS, { throws: 'deadLetter' });
    await live.stage.sendTasks(parked, 5);
    await becomes(letters, (count) => count === BROKEN + HOPELESS, 'all tasks are dead letters');
  });

  it('are counted in the overview and on their tab, by their reasons, with samples', async () => {
    await live.page.getByLabel('Search pipelines').fill(pipelineId);
    const row = live.page.locator('.rows .row', { hasText: pipelineId });
    await row.locator('.cell-deadLetters', { hasText: String(BROKEN + HOPELESS) }).waitFor();
    await row.getByRole('link').click();
    await live.page.locator('.tab-count', { hasText: String(BROKEN + HOPELESS) }).waitFor();
    await live.page.getByRole('link', { name: /^Dead letters/ }).click();
    await reason('maxAttempts')
      .locator('.number', { hasText: String(BROKEN) })
      .waitFor();
    await reason('no such document')
      .locator('.number', { hasText: String(HOPELESS) })
      .waitFor();
    const sample = live.page.locator('.letter', { hasText: 'RangeError: as told' }).first();
    await sample.click();
    expect(await sample.locator('pre').textContent()).toContain('"throws":"deadLetter"');
  });

  it('find their cause mended in the record, by its form', async () => {
    await live.page.getByRole('link', { name: 'Record', exact: true }).click();
    await live.page.getByRole('button', { name: 'remove THROWS' }).click();
    await live.button('Review and save').click();
    await live.page.getByRole('dialog').locator('.difference', { hasText: 'THROWS' }).waitFor();
    await agree('Save');
    const isMended = ({ phase, lease, applied }: StatusRecord) =>
      phase === 'Active' && lease === undefined && applied?.wanted.environment.THROWS === undefined;
    await live.stage.until(pipelineId, isMended, 30);
    expect(await live.stage.ports.configs.read(pipelineId)).not.toHaveProperty('environment');
  });

  it('are sent again: the first three of a reason and no more, and are done', async () => {
    await go(`#/pipelines/${pipelineId}/dead-letters`);
    await live.button('Redrive those with maxAttempts').click();
    await live.type('3');
    await agree('Redrive');
    const done = await live.stage.done(pipelineId, 3, sinceMs);
    expect(await untilRedriven()).toMatchObject({ sent: 3 });
    expect(done).toHaveLength(3);
    expect(await letters()).toBe(BROKEN + HOPELESS - 3);
  });

  it('are all sent again, and what dies once more comes back', async () => {
    await live.button('Redrive all').click();
    await agree('Redrive');
    await live.stage.done(pipelineId, BROKEN, sinceMs);
    expect(await untilRedriven()).toMatchObject({ sent: 1 + HOPELESS });
    await becomes(letters, (count) => count === HOPELESS, 'the hopeless are back');
  });

  it('are purged once the name is typed, and a queue is, whose tasks never run', async () => {
    await live.button('Purge').last().click();
    const deed = live.page.getByRole('dialog').getByRole('button', { name: 'Delete them' });
    expect(await deed.isDisabled()).toBe(true);
    await live.type(pipelineId);
    await agree('Delete them');
    await becomes(letters, (count) => count === 0, 'no dead letter is left');

    await go(`#/pipelines/${parked}`);
    await live.page.locator('.figure', { hasText: 'Waiting' }).getByText('5', { exact: true }).waitFor();
    await live.button('Purge').click();
    await live.page.getByRole('dialog').getByText('5 tasks of its queue are deleted').waitFor();
    await live.type(parked);
    await agree('Purge');
    const { queueUrl } = (await live.stage.statuses.read(parked)) ?? {};
    await becomes(
      () => depthOf(live.stage, queueUrl),
      (count) => count === 0,
      'the queue is empty',
    );
    expect(await live.stage.done(parked, 0, sinceMs)).toEqual([]);
  });

  it('leave nothing to be seen but what was done', async () => {
    expect(
      (await live.stage.done(pipelineId, BROKEN, sinceMs)).map(({ document }) => document).sort(),
    ).toEqual(documents(BROKEN));
    await go(`#/pipelines/${pipelineId}/dead-letters`);
    await live.page.getByText('No dead letters').waitFor();
  });
});
