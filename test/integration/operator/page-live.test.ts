import { expect, it } from '@jest/globals';
import { live as madeOf } from '../stage/live.ts';
import { onLivePage } from './live-page.ts';

const pipelineId = 'page-one';

/** One test after another: the life of one pipeline, by hand on the page. */
onLivePage('on the page of a stage that runs, a pipeline', (live) => {
  const { go, agree, phase } = live;
  const mappingOf = () => madeOf(live.stage, pipelineId);

  it('is added by its form, and becomes active without the page being loaded again', async () => {
    await go('#/new');
    await live.page.getByLabel('Pipeline id').fill(pipelineId);
    await live.page.getByLabel('Concurrency', { exact: true }).fill('2');
    await live.page.getByLabel('Timeout', { exact: true }).fill('5');
    await live.page.getByRole('button', { name: 'Review and add' }).click();
    await agree('Add the pipeline');
    await phase('Active');
    expect(await live.stage.ports.configs.read(pipelineId)).toMatchObject({
      concurrency: 2,
      timeoutSeconds: 5,
    });
  });

  it('refuses a value that the stage refuses, before it is saved', async () => {
    await go(`#/pipelines/${pipelineId}/record`);
    await live.page.getByLabel('Memory', { exact: true }).fill('1');
    await live.page.getByText('must be an integer from 128 to 10240').first().waitFor();
    expect(await live.page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true);
    await live.page.getByRole('button', { name: 'Undo all' }).click();
  });

  it('gets a burst that was tried out, and shows it to its end', async () => {
    await go(`#/bursts/${pipelineId}`);
    await live.page.getByText(`${pipelineId}: 2 at once`).waitFor();
    await live.page.getByRole('button', { name: 'At once', exact: true }).click();
    await live.page.getByLabel(/^Tasks/).press('Home');
    await live.page.getByRole('button', { name: 'Send 1 task' }).click();
    await agree('Send');
    await live.page.getByText('1 task accepted').waitFor();
    await live.page.getByText(/over after/).waitFor();
    expect(await live.page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
  });

  it('rests and works again by one click', async () => {
    await go(`#/pipelines/${pipelineId}`);
    await live.button('Pause').click();
    await phase('Paused');
    expect(await live.stage.ports.configs.read(pipelineId)).toMatchObject({ paused: true });
    expect((await mappingOf()).mappings).toMatchObject([{ enabled: false }]);
    await live.button('Resume').click();
    await phase('Active');
    expect(await live.stage.ports.configs.read(pipelineId)).not.toHaveProperty('paused');
    expect((await mappingOf()).mappings).toMatchObject([{ enabled: true }]);
  });

  it('shows the history of its changes, its dead letters and its curves', async () => {
    await go(`#/pipelines/${pipelineId}/events`);
    await live.page.locator('.events li').first().waitFor();
    await go(`#/pipelines/${pipelineId}/dead-letters`);
    await live.page.getByText('No dead letters').waitFor();
    await go(`#/pipelines/${pipelineId}`);
    await live.page.locator('.curve').nth(3).waitFor();
  });

  it('is deleted once its name is typed, and goes', async () => {
    await live.page.getByRole('button', { name: 'Delete' }).click();
    await live.type(pipelineId);
    await agree('Delete the pipeline');
    await phase('Deleted');
    expect(await live.stage.ports.configs.read(pipelineId)).toBeUndefined();
  });

  it('is part of what the other screens show', async () => {
    await go('#/rollouts');
    await live.page
      .getByRole('heading', { name: /consumer\.zip/ })
      .first()
      .waitFor();
    await go('#/events');
    await live.page.locator('.events li', { hasText: pipelineId }).first().waitFor();
  });
});
