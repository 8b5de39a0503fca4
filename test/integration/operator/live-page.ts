import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch } from '../../../lab/browser/chromium.ts';
import { type StagePage, startPage } from '../../../lab/local-stage/page.ts';
import { inBrowser } from '../../browser/made-up-page.ts';
import { eventually } from '../stage/eventually.ts';
import { sharedStage } from '../stage/shared-stage.ts';
import type { TestStage } from '../stage/test-stage.ts';

/** The page of a stage that runs, in a real browser, and the stage behind it. */
export interface LivePage {
  readonly stage: TestStage;
  readonly page: Page;
  /** All that its server has told it so far: bodies of answers, and events of its stream. */
  readonly told: string[];
  /** Shows another screen, as its links do. */
  go(hash: string): Promise<unknown>;
  /** Clicks a button of the dialog that asks, and waits until it is closed. */
  agree(deed: string): Promise<void>;
  /** Types into the dialog what it wants typed. */
  type(text: string): Promise<void>;
  /** Waits for the phase beside the pipeline's name. */
  phase(name: string): Promise<void>;
  button(name: string): Locator;
  /** Moves a slider by the keyboard. */
  slide(name: RegExp, ...keys: readonly string[]): Promise<void>;
}

/** Deploying the stage is part of it, in the first file. */
const READY_MS = 240_000;
/** A test is many clicks, each of which a stage follows. */
const TEST_MS = 120_000;
/** For what the page is to show, on a machine that does much else. */
const SOON_MS = 30_000;

/** Tests on a page that is opened before the first of them. */
export function onLivePage(name: string, tests: (live: LivePage) => void): void {
  jest.setTimeout(TEST_MS);
  inBrowser(name, () => {
    let opened: { stage: TestStage; served: StagePage; browser: Browser; page: Page };
    const told: string[] = [];
    const broken: string[] = [];
    beforeAll(async () => {
      const stage = await sharedStage();
      const { connection } = stage;
      const served = startPage({ stage: stage.stage, connection, isOpened: false, isHeard: true });
      const url = await served.url;
      if (url === undefined) throw new Error('sluice ui has told no address');
      const browser = await launch();
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
      opened = { stage, served, browser, page };
      page.setDefaultTimeout(SOON_MS);
      page.on('pageerror', ({ message }) => broken.push(message));
      await listen(page, told);
      await page.goto(url);
      await page.getByText('live', { exact: true }).waitFor();
    }, READY_MS);
    afterAll(async () => {
      await opened?.browser.close();
      if (opened === undefined) return;
      expect(await opened.served.end()).toEqual([0, null]);
      expect(broken).toEqual([]);
    });
    tests(livePage(() => opened, told));
  });
}

function livePage(opened: () => { stage: TestStage; page: Page }, told: string[]): LivePage {
  const page = () => opened().page;
  const dialog = () => page().getByRole('dialog');
  return {
    get stage() {
      return opened().stage;
    },
    get page() {
      return page();
    },
    told,
    go: (hash) => page().evaluate(`location.hash = ${JSON.stringify(hash)}`),
    async agree(deed) {
      await dialog().getByRole('button', { name: deed, exact: true }).click();
      await dialog().waitFor({ state: 'detached' });
    },
    type: (text) => dialog().getByRole('textbox').fill(text),
    phase: (name) => page().locator('.pipeline-title .phase', { hasText: name }).waitFor(),
    button: (name) => page().getByRole('button', { name, exact: true }),
    async slide(name, ...keys) {
      for (const key of keys) await page().getByLabel(name).press(key);
    },
  };
}

/** Waits until the stage itself is as asked for. */
export function becomes<T>(look: () => Promise<T>, isSo: (seen: T) => boolean, what: string): Promise<T> {
  return eventually(look, isSo, what, SOON_MS / 1000);
}

/** How many messages a queue has, hidden or not. */
export async function depthOf({ queues }: TestStage, queueUrl = ''): Promise<number> {
  const { visible = 0, delayed = 0, inFlight = 0 } = (await queues.read(queueUrl))?.counts ?? {};
  return visible + delayed + inFlight;
}

/** Hears all that the page is told; the stream has no body that could be read. */
async function listen(page: Page, told: string[]): Promise<void> {
  page.on('response', (response) => {
    if (!response.headers()['content-type']?.startsWith('application/json')) return;
    // What the page no longer waits for has no body.
    response.text().then(
      (body) => told.push(body),
      () => {},
    );
  });
  const session = await page.context().newCDPSession(page);
  session.on('Network.eventSourceMessageReceived', ({ data }) => told.push(data));
  await session.send('Network.enable');
}
