import { expect, it } from '@jest/globals';
import { onMadeUpPage, until, violations } from '../../browser/made-up-page.ts';

onMadeUpPage('the history of a pipeline', (stage) => {
  it('shows what each change has changed, from what to what, is searched by it, and goes back for days', async () => {
    const changed = (await stage.desk.events(0)).find(({ changes }) => changes !== undefined);
    const page = await stage.open(`#/pipelines/${changed?.pipelineId}/events`);
    const difference = page.locator('.event-changes .difference').first();
    await difference.waitFor();
    const lines = await difference.locator('li').allTextContents();
    expect(lines).toEqual([
      'concurrency410',
      'rateLimit.tasks25',
      'rateLimit.perSeconds1',
      'environment.API_KEYchanged',
    ]);
    await page.getByRole('searchbox', { name: 'Search events' }).fill('rateLimit 25');
    await difference.waitFor();
    await page.getByRole('searchbox', { name: 'Search events' }).fill('nothing of it');
    await page.getByText('No event has all of these words').waitFor();
    const asked = page.waitForRequest((one) => one.url().includes('/api/events'));
    await page.getByRole('button', { name: '30 days' }).press('Enter');
    const since = Number(new URL((await asked).url()).searchParams.get('since'));
    expect(Math.round((Date.now() - since) / 86_400_000)).toBe(30);
    await until(page, '!document.querySelector("main .loading")');
    expect(await violations(page)).toEqual([]);
  });
});
