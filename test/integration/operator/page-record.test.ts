import { beforeAll, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../core/status-record.ts';
import { live as madeOf } from '../stage/live.ts';
import { isSettled } from '../stage/test-stage.ts';
import { becomes, depthOf, onLivePage } from './live-page.ts';

const pipelineId = 'page-record';
const SECRET = 'hush-4711';
const record = {
  pipelineId,
  concurrency: 2,
  timeoutSeconds: 3,
  breaker: {},
  environment: { API_KEY: SECRET, MODE: 'quiet' },
};

/** One test after another: one record, edited in every way. */
onLivePage('on the page, a record', (live) => {
  const { go, agree } = live;
  const stored = () => live.stage.ports.configs.read(pipelineId);
  const made = () => madeOf(live.stage, pipelineId);
  const field = (name: string) => live.page.getByLabel(name, { exact: true });
  const review = () => live.button('Review and save').click();
  const difference = () => live.page.getByRole('dialog').locator('.difference').textContent();
  const applied = (isSo: (wanted: NonNullable<StatusRecord['applied']>['wanted']) => boolean) =>
    live.stage.until(
      pipelineId,
      (status) => isSettled(status) && status.applied !== undefined && isSo(status.applied.wanted),
      30,
    );

  beforeAll(async () => {
    await live.stage.put(record);
  });

  it('never has a value of its environment told to the browser, on no screen', async () => {
    const tabs = ['', '/record', '/dead-letters', '/events'].map((tab) => `#/pipelines/${pipelineId}${tab}`);
    for (const hash of ['#/', ...tabs, '#/bursts', '#/rollouts', '#/events', `#/bursts/${pipelineId}`]) {
      await go(hash);
      await live.page.locator('main .loading').first().waitFor({ state: 'detached' });
    }
    await go(`#/pipelines/${pipelineId}/record`);
    expect(await field('Value of API_KEY').inputValue()).toMatch(/^•+$/);
    await live.button('JSON').click();
    expect(await field('The record as JSON').inputValue()).toContain('"API_KEY": "••••••••"');
    expect(live.told.some((text) => text.includes('API_KEY'))).toBe(true);
    expect(live.told.filter((text) => text.includes(SECRET))).toEqual([]);
  });

  it('is changed by its form: the difference is shown, and what was masked stays as it was', async () => {
    await live.button('Form').click();
    await field('Timeout').fill('4');
    await live.button('replace the value of MODE').click();
    await field('Value of MODE').fill('loud');
    await review();
    expect(await difference()).toMatch(/timeoutSeconds\s*3\s*4/);
    expect(await difference()).not.toContain('quiet');
    await agree('Save');
    expect(await stored()).toEqual({
      ...record,
      timeoutSeconds: 4,
      environment: { API_KEY: SECRET, MODE: 'loud' },
    });
    await applied(({ timeoutSeconds }) => timeoutSeconds === 4);
    expect((await made()).consumer).toMatchObject({ timeoutSeconds: 4 });
    expect(live.told.filter((text) => text.includes(SECRET))).toEqual([]);
  });

  it('shows the values once the switch says so, and hides them again', async () => {
    await live.page.getByLabel('Show the values').check();
    await expect(
      becomes(
        () => field('Value of API_KEY').inputValue(),
        (text) => text === SECRET,
        'the value is shown',
      ),
    ).resolves.toBe(SECRET);
    expect(live.told.some((text) => text.includes(SECRET))).toBe(true);
    await live.page.getByLabel('Show the values').uncheck();
    await becomes(
      () => field('Value of API_KEY').inputValue(),
      (text) => /^•+$/.test(text),
      'it is masked',
    );
  });

  it('is changed as JSON, and not while it is none', async () => {
    await live.button('JSON').click();
    const text = field('The record as JSON');
    const shown = JSON.parse(await text.inputValue()) as Record<string, unknown>;
    await text.fill('{');
    await live.page.getByText('Not to be saved').waitFor();
    expect(await live.button('Review and save').isDisabled()).toBe(true);
    await text.fill(JSON.stringify({ ...shown, memoryMb: 64 }));
    await live.page.getByText('1 problem: memoryMb').waitFor();
    await text.fill(JSON.stringify({ ...shown, memoryMb: 512, concurrency: 3 }));
    await live.page.getByText('2 changes').waitFor();
    await review();
    await agree('Save');
    expect(await stored()).toMatchObject({ memoryMb: 512, concurrency: 3, environment: { API_KEY: SECRET } });
    await applied(({ memoryMb }) => memoryMb === 512);
    expect((await made()).consumer).toMatchObject({ memoryMb: 512 });
    await live.button('Form').click();
  });

  it('that another has written meanwhile is not written over, and is edited anew from theirs', async () => {
    await field('Timeout').fill('6');
    await review();
    const theirs = { ...(await stored()), pipelineId, concurrency: 5 };
    await live.stage.putConfigRecord(theirs);
    await live.page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await live.page.getByRole('alert').getByText('somebody else has changed the record').waitFor();
    expect(await stored()).toEqual(theirs);
    await live.button('Cancel').click();
    await live.button('start again from theirs').click();
    expect(await field('Timeout').inputValue()).toBe('4');
    expect(await field('Concurrency').inputValue()).toBe('5');
    await field('Timeout').fill('6');
    await review();
    expect(await difference()).toMatch(/timeoutSeconds\s*4\s*6/);
    await agree('Save');
    expect(await stored()).toEqual({ ...theirs, timeoutSeconds: 6 });
    await applied(({ timeoutSeconds, concurrency }) => timeoutSeconds === 6 && concurrency === 5);
  });

  it('has its breaker forced open, which stops it, then closed, which lets it work, then left to itself', async () => {
    const choose = (to: string) => live.page.locator('.deed-select select').selectOption(to);
    const enabled = async () => (await made()).mappings.map((mapping) => mapping.enabled);
    await go(`#/pipelines/${pipelineId}`);
    await choose('open');
    expect(await stored()).not.toMatchObject({ breaker: { force: expect.anything() } });
    await agree('Force it open');
    await becomes(stored, (one) => isForced(one, 'open'), 'the record says open');
    await becomes(enabled, ([isOn]) => isOn === false, 'nothing consumes');
    const sinceMs = Date.now();
    await live.stage.sendTasks(pipelineId, 3);
    await live.page.locator('.verdict', { hasText: 'forced open' }).waitFor();
    await live.page.locator('.figure', { hasText: 'Waiting' }).getByText('3', { exact: true }).waitFor();
    expect(await depthOf(live.stage, (await live.stage.statuses.read(pipelineId))?.queueUrl)).toBe(3);

    await choose('closed');
    await live.stage.done(pipelineId, 3, sinceMs);
    expect(await stored()).toMatchObject({ breaker: { force: 'closed' } });
    await choose('auto');
    await becomes(stored, (one) => JSON.stringify(one?.breaker) === '{}', 'the record forces nothing');
  });
});

function isForced(one: Readonly<Record<string, unknown>> | undefined, to: string): boolean {
  return (one?.breaker as { readonly force?: string } | undefined)?.force === to;
}
