import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { NARROW, onMadeUpPage, tooWide, violations } from '../../browser/made-up-page.ts';

onMadeUpPage('a burst of tasks of one’s own', (stage) => {
  let page: Page;
  const openOwn = async (options = {}) => {
    page = await stage.open('#/bursts/blue-harbour-crawl', options);
    await page.getByRole('button', { name: 'Tasks of my own' }).press('Enter');
  };
  const written = () => page.getByLabel('Tasks, a line of JSON each');
  const send = (name: string | RegExp) => page.getByRole('button', { name });
  const agree = () => page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();

  it('is written, shown once more and sent', async () => {
    await openOwn();
    expect(await send(/^Send/).isDisabled()).toBe(true);
    await written().fill('{"page": 1}\n{"page": 2, "estimatedSeconds": 20}\n');
    await send('Send 2 tasks').click();
    await page.getByRole('dialog').getByText('{"page":1}').waitFor();
    expect(await violations(page)).toEqual([]);
    await agree();
    await page.getByText('2 tasks accepted').waitFor();
    expect(stage.desk.deeds.at(-1)).toMatchObject({
      deed: 'send',
      with: { pipelineId: 'blue-harbour-crawl', tasks: [{ page: 1 }, { page: 2, estimatedSeconds: 20 }] },
    });
  });

  it('is refused by its lines until it is mended, and nothing is beside the screen at 380 px', async () => {
    await openOwn(NARROW);
    await written().fill('{"page": 1}\n{"page":\n');
    await page.getByText('Line 2 is no JSON').waitFor();
    expect(await send(/^Send/).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(await tooWide(page)).toBe(0);
    await written().fill('{"page": 1}\n{"page": 2}\n');
    await send('Send 2 tasks').waitFor();
  });

  it('comes from a file, and goes without it when that is taken out', async () => {
    await openOwn({ colorScheme: 'dark' });
    const file = page.getByLabel('Or a file of them');
    await file.setInputFiles({
      name: 'pages.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from('{"page":"ä"}\n'.repeat(300)),
    });
    await page.getByText('pages.jsonl').waitFor();
    await send('Send 300 tasks').click();
    await agree();
    await page.getByText('300 tasks accepted').waitFor();
    const { tasks } = (stage.desk.deeds.at(-1)?.with ?? {}) as { readonly tasks: readonly unknown[] };
    expect([tasks.length, tasks[299]]).toEqual([300, { page: 'ä' }]);
    await page.getByRole('button', { name: 'take it out' }).click();
    expect(await written().inputValue()).toBe('');
  });

  it('that is too large for the page is left to the command line and S3', async () => {
    await openOwn();
    await page.getByLabel('Or a file of them').setInputFiles({
      name: 'many.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.alloc(4_000_001, '1\n'),
    });
    await page.getByText('These are more than 4 MB').waitFor();
    await page.getByText('npx sluice send blue-harbour-crawl --file tasks.jsonl').waitFor();
    expect(await send(/^Send/).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  it('says before it is sent what keeps its tasks from starting, whatever that is', async () => {
    const { rows } = await stage.desk.overview();
    for (const kind of ['held', 'breakerOpen', 'paused'] as const) {
      const id = rows.find(({ verdict }) => verdict.kind === kind)?.pipelineId;
      page = await stage.open(`#/bursts/${id}`);
      await page.locator('.compose .warn', { hasText: 'none starts' }).waitFor();
    }
  });
});
