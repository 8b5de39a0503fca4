import { expect, it } from '@jest/globals';
import { startUi } from '../../../operator/ui/start.ts';
import { go, NARROW, onMadeUpPage, tooWide, until, violations } from '../../browser/made-up-page.ts';
import { createFakeDesk } from '../../unit/operator/ui/fake-desk.ts';

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

onMadeUpPage('the page, in a real browser', (made) => {
  it('lets in who has the address, takes the token out of it, and nobody else', async () => {
    const page = await made.open();
    expect(page.url()).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await page.waitForSelector('.rows a');
    const stranger = await made.browser.newContext();
    const strange = await stranger.newPage();
    await strange.goto(new URL(made.server.url).origin);
    await strange.getByText('This session is over').waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible on each screen, %s', async (colorScheme) => {
    const page = await made.open('#/', { colorScheme });
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
    const found = [];
    for (const screen of SCREENS) {
      await go(page, screen);
      found.push(...(await violations(page)).map((one) => `${screen} ${one}`));
    }
    expect(found).toEqual([]);
  });

  it('shows nothing beside the screen at 380 px', async () => {
    const page = await made.open('#/', NARROW);
    const found = [];
    for (const screen of SCREENS) {
      await go(page, screen);
      const wide = await tooWide(page);
      if (wide > 0) found.push(`${screen} is ${wide} px too wide`);
      found.push(...(await violations(page)).map((one) => `${screen} ${one}`));
    }
    expect(found).toEqual([]);
  });

  it('asks nobody but its server, and breaks none of its own rules', async () => {
    const page = await made.open();
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(made.server.url).origin)) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    for (const screen of SCREENS.filter((one) => !one.includes('nobody'))) await go(page, screen);
    expect([foreign, complaints]).toEqual([[], []]);
  });

  it('lives without being loaded again', async () => {
    const page = await made.open();
    const depth = '.rows .row:has-text("acme-crawl") .cell-depth > span';
    await page.waitForSelector(depth);
    const before = await page.textContent('.totals');
    await until(page, `document.querySelector('.totals').textContent !== ${JSON.stringify(before)}`);
  });

  it('is worked by the keyboard alone', async () => {
    const page = await made.open();
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
  });

  it('has moved the focus by the time that the next key comes', async () => {
    const page = await made.open();
    await page.locator('.rows [data-row="0"] a').focus();
    // Rows may be sorted anew meanwhile, but not while this runs.
    const moved = await page.evaluate(`(() => {
      const row = () => Number(document.activeElement.closest('[data-row]').dataset.row);
      const from = row();
      const down = () => new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true });
      for (let pressed = 0; pressed < 3; pressed += 1) document.activeElement.dispatchEvent(down());
      return row() - from;
    })()`);
    expect(moved).toBe(3);
  });

  it('asks before it deletes, says what will happen, and wants the name typed', async () => {
    const page = await made.open('#/pipelines/juniper-mail');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the queue takes no more tasks').waitFor();
    expect(await violations(page)).toEqual([]);
    const deed = dialog.getByRole('button', { name: 'Delete the pipeline' });
    expect(await deed.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('juniper-mail');
    await deed.click();
    await page.getByText('juniper-mail drains').waitFor();
    expect(made.desk.deeds.at(-1)).toEqual({ deed: 'remove', of: 'juniper-mail' });
  });

  it('leaves everything as it is when a dialog is left with Escape', async () => {
    const page = await made.open('#/pipelines/ember-mail');
    const before = made.desk.deeds.length;
    await page.getByRole('button', { name: 'Purge' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(made.desk.deeds).toHaveLength(before);
  });

  it('pauses and resumes', async () => {
    const page = await made.open('#/pipelines/granite-mail');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    expect(made.desk.deeds.slice(-2)).toMatchObject([{ with: true }, { with: false }]);
  });

  it('redrives dead letters of one reason', async () => {
    const page = await made.open('#/pipelines/dovetail-crawl/dead-letters');
    await page.getByRole('button', { name: 'Redrive those with TimeoutError' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('2');
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('are being sent again').waitFor();
    const wish = { reason: 'TimeoutError', first: 2 };
    expect(made.desk.deeds.at(-1)).toEqual({ deed: 'redrive', of: 'dovetail-crawl', with: wish });
  });

  it('the predicted peak follows the sliders, and what is sent is what was tried out', async () => {
    const page = await made.open('#/bursts/blue-harbour-crawl');
    const peak = page.locator('.compose dl');
    const before = await peak.textContent();
    await page.getByLabel(/^Last after/).press('PageUp');
    await until(page, `document.querySelector('.compose dl').textContent !== ${JSON.stringify(before)}`);
    await page.getByRole('button', { name: 'Peak' }).click();
    await page.getByRole('button', { name: /^Send \d/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await page.getByText('200 tasks accepted').waitFor();
    const sent = { pipelineId: 'blue-harbour-crawl', count: 200, spread: { maxConcurrency: 5 } };
    expect(made.desk.deeds.at(-1)).toMatchObject({ deed: 'send', with: sent });
    await page.getByRole('progressbar').first().waitFor();
  });

  it('steers bursts and rollouts', async () => {
    const page = await made.open('#/bursts');
    await page.getByRole('article', { name: 'archive-scan' }).getByRole('button', { name: 'Pause' }).click();
    await page.getByText('sends nothing more for now').waitFor();
    expect(made.desk.deeds.at(-1)).toEqual({ deed: 'steerBurst', of: 'archive-scan', with: { pause: true } });
    await page.getByRole('article', { name: 'archive-scan' }).getByRole('button', { name: 'Replan' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
    await dialog.getByLabel(/^Over within/).press('Home');
    await dialog.locator('.problem').waitFor();
    expect(await dialog.getByRole('button', { name: 'Plan anew' }).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel(/^Over within/).press('End');
    await dialog.getByRole('button', { name: 'Plan anew' }).click();
    await page.getByText('about to be planned anew').waitFor();
    const replan = { spread: { finishWithinSeconds: 86_400 } };
    expect(made.desk.deeds.at(-1)).toEqual({ deed: 'steerBurst', of: 'archive-scan', with: { replan } });
    await go(page, '#/rollouts');
    await page.getByRole('button', { name: 'Roll back' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(made.desk.deeds.at(-1)).toMatchObject({ deed: 'steerRollout', with: { action: 'rollback' } });
  });

  it('says that the stage is gone, and goes on when it is back', async () => {
    const page = await made.open();
    made.desk.breakDown();
    await page.getByText('The stage does not answer').waitFor();
    made.desk.mend();
    await page.getByText('The stage does not answer').waitFor({ state: 'detached' });
  });

  it('5,000 pipelines: the first rows within a second, the last ones at once, and few of them drawn', async () => {
    const many = await startUi(createFakeDesk({ pipelines: 5_000 }));
    const big = await made.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await big.goto(many.url);
    await big.waitForSelector('.rows a');
    const shownMs = Number(await big.evaluate('performance.now()'));
    await big.locator('.rows a').first().focus();
    await big.keyboard.press('End');
    await until(big, 'document.activeElement.closest(".row")?.dataset.row === "4999"');
    const drawn = await big.locator('.rows .row').count();
    await many.close();
    expect(drawn).toBeLessThan(60);
    // Of a machine that is busy with other tests: the rule is one second.
    expect(shownMs).toBeLessThan(3_000);
  });
});
