import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launch } from '../../lab/browser/chromium.ts';
import type { UiServer } from '../../operator/ui/server/serve.ts';
import { startUi } from '../../operator/ui/start.ts';
import { createFakeDesk, type FakeDesk } from '../unit/operator/ui/fake-desk.ts';

export const NARROW = { viewport: { width: 380, height: 780 } };

/** The page of a stage that is made up, in a real browser. */
export interface MadeUpPage {
  readonly browser: Browser;
  readonly desk: FakeDesk;
  readonly server: UiServer;
  /** A window of its own, at this screen. */
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** A browser on a machine that does much else. */
const TEST_MS = 60_000;

/** Tests on such a page; the windows that one of them opens are closed after it. */
export function onMadeUpPage(name: string, tests: (made: MadeUpPage) => void): void {
  jest.setTimeout(TEST_MS);
  inBrowser(name, () => {
    let started: MadeUpPage;
    beforeAll(async () => {
      started = await start();
    });
    afterEach(() => Promise.all(started.browser.contexts().map((context) => context.close())));
    afterAll(async () => {
      await started?.browser.close();
      await started?.server.close();
    });
    tests({
      get browser() {
        return started.browser;
      },
      get desk() {
        return started.desk;
      },
      get server() {
        return started.server;
      },
      open: (hash, options) => started.open(hash, options),
    });
  });
}

async function start(): Promise<MadeUpPage> {
  const browser = await launch();
  const desk = createFakeDesk();
  const server = await startUi(desk);
  return {
    browser,
    desk,
    server,
    async open(hash = '#/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(server.url);
      await page.waitForSelector('.rows a');
      await go(page, hash);
      return page;
    },
  };
}

export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await until(page, '!document.querySelector("main .loading")');
}

/** Asked from outside: the page's own rules forbid what Playwright would do. */
export async function until(page: Page, condition: string): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!(await page.evaluate(condition))) {
    if (Date.now() > endMs) throw new Error(`it did not come to this within 10 s: ${condition}`);
    await page.waitForTimeout(50);
  }
}

/** What axe finds wrong with what is shown now. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axe.source);
  const found = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`),
  );
}

/** What is beside the screen, px. */
export async function tooWide(page: Page): Promise<number> {
  const excess = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  // A scroll bar takes its part of the screen.
  return Math.max(0, Number(await page.evaluate(excess)));
}

/** `describe`; whoever has no browser is told so by the one test that is left. */
export function inBrowser(name: string, tests: () => void): void {
  describe(name, findChromium() === undefined ? withoutBrowser : tests);
}

function withoutBrowser(): void {
  it('is not tested here: there is no Chromium (install it, or name one in CHROMIUM)', () => {
    expect(findChromium()).toBeUndefined();
  });
}
