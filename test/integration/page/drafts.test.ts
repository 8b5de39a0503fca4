import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { go, NARROW, onMadeUpPage, tooWide, until, violations } from '../../browser/made-up-page.ts';

onMadeUpPage('an edit of a record', (stage) => {
  let page: Page;
  const timeout = () => page.getByLabel('Timeout', { exact: true });
  const review = (name = 'Review and save') => page.getByRole('button', { name });
  const dialog = () => page.getByRole('dialog');

  it('is kept while one looks at other pipelines, and other screens say that it is there', async () => {
    page = await stage.open('#/pipelines/acme-crawl/record');
    await timeout().fill('45');
    await go(page, '#/pipelines/ember-crawl/record');
    await timeout().fill('50');
    await go(page, '#/events');
    const unsaved = page.getByLabel('Edits that are not saved');
    expect(await unsaved.textContent()).toContain('acme-crawl');
    expect(await violations(page)).toEqual([]);
    await unsaved.getByRole('link', { name: 'acme-crawl' }).click();
    await timeout().waitFor();
    expect(await timeout().inputValue()).toBe('45');
    expect(await unsaved.textContent()).not.toContain('acme-crawl');
    await page.getByRole('button', { name: 'Undo all' }).click();
    await go(page, '#/pipelines/ember-crawl/record');
    expect(await timeout().inputValue()).toBe('50');
    await page.getByRole('button', { name: 'Undo all' }).click();
    await go(page, '#/events');
    await unsaved.waitFor({ state: 'detached' });
  });

  it('of a pipeline that is to be new is kept, too, and nothing is beside the screen at 380 px', async () => {
    page = await stage.open('#/new', NARROW);
    await page.getByLabel('Pipeline id').fill('some-customer-with-a-rather-long-name');
    await go(page, '#/pipelines/acme-crawl/record');
    await timeout().fill('45');
    await go(page, '#/');
    await page.getByLabel('Edits that are not saved').waitFor();
    expect(await tooWide(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'a new pipeline' }).click();
    expect(await page.getByLabel('Pipeline id').inputValue()).toBe('some-customer-with-a-rather-long-name');
  });

  it('is asked about before the page is loaded again or closed, and only then', async () => {
    page = await stage.open('#/pipelines/acme-crawl/record');
    const asked: string[] = [];
    page.on('dialog', (one) => {
      asked.push(one.type());
      void one.dismiss();
    });
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('button', { name: 'Form' }).click();
    await timeout().fill('45');
    await page.close({ runBeforeUnload: true });
    await page.waitForTimeout(500);
    expect(asked).toEqual(['beforeunload']);
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.reload();
    await page.waitForSelector('.record');
    expect(asked).toHaveLength(1);
  });

  it('is not saved over somebody else’s, also where only a masked value differs', async () => {
    const { desk } = stage;
    page = await stage.open('#/pipelines/granite-crawl/record');
    await page.getByRole('button', { name: 'replace the value of API_KEY' }).click();
    await page.getByLabel('Value of API_KEY', { exact: true }).fill('mine');
    const before = desk.records.get('granite-crawl');
    desk.records.set('granite-crawl', { ...before, environment: { API_KEY: 'theirs', MODE: 'production' } });
    await page.getByText('Somebody else has written this record since').waitFor();
    await review().click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('somebody else has changed the record').waitFor();
    expect(desk.records.get('granite-crawl')?.environment).toMatchObject({ API_KEY: 'theirs' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'start again from theirs' }).click();
    await page.getByRole('button', { name: 'replace the value of API_KEY' }).click();
    await page.getByLabel('Value of API_KEY', { exact: true }).fill('mine');
    await page.getByText('1 change').waitFor();
    await review().click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByText('granite-crawl saved').waitFor();
    expect(desk.records.get('granite-crawl')?.environment).toMatchObject({ API_KEY: 'mine' });
  });

  it('of a pipeline that is to be new is not put over one that is there, nor over one that comes meanwhile', async () => {
    const { desk } = stage;
    page = await stage.open('#/new');
    await page.getByLabel('Pipeline id').fill('ember-crawl');
    await page.getByText('There is a pipeline ember-crawl already').waitFor();
    expect(await review('Review and add').isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Pipeline id').fill('brand-new');
    await until(page, '!document.querySelector(".record-foot .primary").disabled');
    await review('Review and add').click();
    desk.records.set('brand-new', { pipelineId: 'brand-new', concurrency: 7 });
    await dialog().getByRole('button', { name: 'Add the pipeline' }).click();
    await dialog().getByText('there is a record of brand-new by now, nothing is written').waitFor();
    expect(desk.records.get('brand-new')).toEqual({ pipelineId: 'brand-new', concurrency: 7 });
  });
});
