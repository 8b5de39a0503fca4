import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { UiServer } from '../../../operator/ui/server/serve.ts';
import { startUi } from '../../../operator/ui/start.ts';
import {
  go,
  inBrowser,
  type MadeUpPage,
  NARROW,
  startMadeUpPage,
  tooWide,
  until,
  violations,
} from '../../browser/made-up-page.ts';
import { createFakeDesk, type FakeDesk } from '../../unit/operator/ui/fake-desk.ts';

/** A browser on a machine that does much else. */
jest.setTimeout(60_000);

const SCREENS = [
  '#/',
  '#/new',
  '#/pipelines/acme-crawl',
  '#/pipelines/blue-harbour-crawl/record',
  '#/pipelines/dovetail-crawl/dead-letters',
  '#/pipelines/acme-crawl/dead-letters',
  '#/pipelines/acme-crawl/events',
  '#/pipelines/nobody',
  '#/bursts',
  '#/rollouts',
  '#/events',
  '#/elsewhere',
  '#/pipelines/%',
];

inBrowser('the page, in a real browser', () => {
  let made: MadeUpPage;
  let browser: Browser;
  let desk: FakeDesk;
  let server: UiServer;
  let context: BrowserContext;

  beforeAll(async () => {
    made = await startMadeUpPage();
    ({ browser, desk, server } = made);
  });
  afterAll(() => made?.close());

  async function open(hash?: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await made.open(hash, options);
    context = page.context();
    return page;
  }
  const close = () => context.close();

  it('lets in who has the address, takes the token out of it, and nobody else', async () => {
    const page = await open();
    expect(page.url()).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await page.waitForSelector('.rows a');
    const stranger = await browser.newContext();
    const strange = await stranger.newPage();
    await strange.goto(new URL(server.url).origin);
    await strange.getByText('This session is over').waitFor();
    await stranger.close();
    await close();
  });

  it.each(['light', 'dark'] as const)('is accessible on each screen, %s', async (colorScheme) => {
    const page = await open('#/', { colorScheme });
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
    const found = [];
    for (const screen of SCREENS) {
      await go(page, screen);
      found.push(...(await violations(page)).map((one) => `${screen} ${one}`));
    }
    expect(found).toEqual([]);
    await close();
  });

  it('shows nothing beside the screen at 380 px', async () => {
    const page = await open('#/', NARROW);
    const found = [];
    for (const screen of SCREENS) {
      await go(page, screen);
      const wide = await tooWide(page);
      if (wide > 0) found.push(`${screen} is ${wide} px too wide`);
      found.push(...(await violations(page)).map((one) => `${screen} ${one}`));
    }
    expect(found).toEqual([]);
    await close();
  });

  it('asks nobody but its server, and breaks none of its own rules', async () => {
    const page = await open();
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(server.url).origin)) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    for (const screen of SCREENS.filter((one) => !one.includes('nobody'))) await go(page, screen);
    expect([foreign, complaints]).toEqual([[], []]);
    await close();
  });

  it('lives without being loaded again', async () => {
    const page = await open();
    const depth = '.rows .row:has-text("acme-crawl") .cell-depth > span';
    await page.waitForSelector(depth);
    const before = await page.textContent('.totals');
    await until(page, `document.querySelector('.totals').textContent !== ${JSON.stringify(before)}`);
    await close();
  });

  it('is worked by the keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('crawl');
    await until(page, 'document.querySelectorAll(".rows .row").length === 10');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const second = await page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Enter');
    await until(page, `document.querySelector('h1').textContent === ${JSON.stringify(second)}`);
    await page.goBack();
    await page.waitForSelector('.rows a');
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    expect(await page.inputValue('input[type=search]')).toBe('');
    await close();
  });

  it('asks before it deletes, says what will happen, and wants the name typed', async () => {
    const page = await open('#/pipelines/juniper-mail');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the queue takes no more tasks').waitFor();
    expect(await violations(page)).toEqual([]);
    const deed = dialog.getByRole('button', { name: 'Delete the pipeline' });
    expect(await deed.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('juniper-mail');
    await deed.click();
    await page.getByText('juniper-mail drains').waitFor();
    expect(desk.deeds.at(-1)).toEqual({ deed: 'remove', of: 'juniper-mail' });
    await close();
  });

  it('leaves everything as it is when a dialog is left with Escape', async () => {
    const page = await open('#/pipelines/ember-mail');
    const before = desk.deeds.length;
    await page.getByRole('button', { name: 'Purge' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(desk.deeds).toHaveLength(before);
    await close();
  });

  it('pauses and resumes', async () => {
    const page = await open('#/pipelines/granite-mail');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    expect(desk.deeds.slice(-2)).toMatchObject([{ with: true }, { with: false }]);
    await close();
  });

  it('redrives dead letters of one reason', async () => {
    const page = await open('#/pipelines/dovetail-crawl/dead-letters');
    await page.getByRole('button', { name: 'Redrive those with TimeoutError' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('2');
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('are being sent again').waitFor();
    const wish = { reason: 'TimeoutError', first: 2 };
    expect(desk.deeds.at(-1)).toEqual({ deed: 'redrive', of: 'dovetail-crawl', with: wish });
    await close();
  });

  it('the predicted peak follows the sliders, and what is sent is what was tried out', async () => {
    const page = await open('#/bursts/blue-harbour-crawl');
    const peak = page.locator('.compose dl');
    const before = await peak.textContent();
    await page.getByLabel(/^Last after/).press('PageUp');
    await until(page, `document.querySelector('.compose dl').textContent !== ${JSON.stringify(before)}`);
    await page.getByRole('button', { name: 'Peak' }).click();
    await page.getByRole('button', { name: /^Send \d/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await page.getByText('200 tasks accepted').waitFor();
    const sent = { pipelineId: 'blue-harbour-crawl', count: 200, spread: { maxConcurrency: 5 } };
    expect(desk.deeds.at(-1)).toMatchObject({ deed: 'send', with: sent });
    await page.getByRole('progressbar').first().waitFor();
    await close();
  });

  it('steers bursts and rollouts', async () => {
    const page = await open('#/bursts');
    await page.getByRole('article', { name: 'archive-scan' }).getByRole('button', { name: 'Pause' }).click();
    await page.getByText('sends nothing more for now').waitFor();
    expect(desk.deeds.at(-1)).toEqual({ deed: 'steerBurst', of: 'archive-scan', with: { pause: true } });
    await go(page, '#/rollouts');
    await page.getByRole('button', { name: 'Roll back' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(desk.deeds.at(-1)).toMatchObject({ deed: 'steerRollout', with: { action: 'rollback' } });
    await close();
  });

  it('says that the stage is gone, and goes on when it is back', async () => {
    const page = await open();
    desk.breakDown();
    await page.getByText('The stage does not answer').waitFor();
    desk.mend();
    await page.getByText('The stage does not answer').waitFor({ state: 'detached' });
    await close();
  });

  it('5,000 pipelines: the first rows within a second, the last ones at once, and few of them drawn', async () => {
    const many = await startUi(createFakeDesk({ pipelines: 5_000 }));
    const big = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await big.goto(many.url);
    await big.waitForSelector('.rows a');
    const shownMs = Number(await big.evaluate('performance.now()'));
    await big.locator('.rows a').first().focus();
    await big.keyboard.press('End');
    await until(big, 'document.activeElement.closest(".row")?.dataset.row === "4999"');
    const drawn = await big.locator('.rows .row').count();
    await big.close();
    await many.close();
    expect(drawn).toBeLessThan(60);
    // Of a machine that is busy with other tests: the rule is one second.
    expect(shownMs).toBeLessThan(3_000);
  });
});
