import { expect, it } from '@jest/globals';
import { onMadeUpPage, until } from '../../browser/made-up-page.ts';

onMadeUpPage('a record, as a form', (stage) => {
  it('checks a record while it is edited, and shows the difference before it saves', async () => {
    const page = await stage.open('#/pipelines/fjord-crawl/record');
    const timeout = page.getByLabel('Timeout', { exact: true });
    await timeout.fill('9000');
    await page.getByText('must be an integer from 1 to 900').first().waitFor();
    const review = page.getByRole('button', { name: 'Review and save' });
    expect(await review.isDisabled()).toBe(true);
    await timeout.fill('45');
    await page.getByText('1 change').waitFor();
    await review.click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.locator('.difference').textContent()).toBe('timeoutSeconds3045');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('fjord-crawl saved').waitFor();
    expect(stage.desk.deeds.at(-1)).toMatchObject({
      deed: 'put',
      of: 'fjord-crawl',
      with: { timeoutSeconds: 45 },
    });
  });

  it('shows values of the environment only when it is told to', async () => {
    const page = await stage.open('#/pipelines/granite-crawl/record');
    const value = page.getByLabel('Value of API_KEY', { exact: true });
    expect(await value.inputValue()).toMatch(/^•+$/);
    await page.getByLabel('Show the values').check();
    await until(
      page,
      `document.querySelector('[aria-label="Value of API_KEY"]').value.startsWith('sk_live')`,
    );
  });

  it('takes half a number for what it is going to be', async () => {
    const page = await stage.open('#/pipelines/acme-crawl/record');
    await page.getByLabel('Breaker', { exact: true }).click();
    const share = page.getByLabel('Failure share');
    await share.fill('');
    await share.pressSequentially('0.25');
    expect(await share.inputValue()).toBe('0.25');
    await page.getByRole('button', { name: 'JSON' }).click();
    expect(await page.getByLabel('The record as JSON').inputValue()).toContain('"failureShare": 0.25');
  });

  it('keeps an edit on other tabs and when values are shown, and saves no text that is no JSON', async () => {
    const page = await stage.open('#/pipelines/granite-crawl/record');
    await page.getByLabel('Timeout', { exact: true }).fill('45');
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    await page.getByText('edited', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Record' }).click();
    await page.getByLabel('Show the values').check();
    await page.getByLabel('Value of API_KEY', { exact: true }).waitFor();
    expect(await page.getByLabel('Timeout', { exact: true }).inputValue()).toBe('45');
    await page.getByRole('button', { name: 'JSON' }).click();
    const text = page.getByLabel('The record as JSON');
    expect(await text.inputValue()).toContain('sk_live');
    const review = page.getByRole('button', { name: 'Review and save' });
    await until(page, '!document.querySelector(".record-foot .primary").disabled');
    await text.fill('{"pipelineId": ');
    await page.getByText('Not to be saved').waitFor();
    expect(await review.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Undo all' }).click();
    expect(JSON.parse(await text.inputValue())).toMatchObject({ timeoutSeconds: 30 });
  });

  it('replaces a masked value as a whole, or leaves it', async () => {
    const page = await stage.open('#/pipelines/granite-crawl/record');
    const value = page.getByLabel('Value of API_KEY', { exact: true });
    expect(await value.isEditable()).toBe(false);
    await page.getByRole('button', { name: 'replace the value of API_KEY' }).click();
    await value.pressSequentially('new');
    expect(await value.inputValue()).toBe('new');
    await page.getByRole('button', { name: 'keep the value of API_KEY' }).click();
    expect(await value.inputValue()).toMatch(/^•+$/);
  });

  it('adds a pipeline', async () => {
    const page = await stage.open('#/new');
    await page.getByLabel('Pipeline id').fill('new-customer');
    await page.getByLabel('Concurrency', { exact: true }).fill('3');
    await page.getByRole('button', { name: 'Review and add' }).click();
    await page.getByRole('button', { name: 'Add the pipeline' }).click();
    await until(page, `document.querySelector('h1')?.textContent === 'new-customer'`);
    expect(stage.desk.deeds.at(-1)).toMatchObject({
      deed: 'put',
      of: 'new-customer',
      with: { concurrency: 3 },
    });
  });
});
